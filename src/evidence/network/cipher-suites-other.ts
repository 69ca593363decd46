/** Cipher suites of TLS 1.3 as IANA has registered them: RFC 8446, RFC 8998 (SM4), RFC 9150 (no encryption), RFC 9367 (GOST), AEGIS. */
export const tls13Suites: readonly (readonly [number, string])[] = [
  [0x00c6, 'TLS_SM4_GCM_SM3'],
  [0x00c7, 'TLS_SM4_CCM_SM3'],
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0x1302, 'TLS_AES_256_GCM_SHA384'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256'],
  [0x1304, 'TLS_AES_128_CCM_SHA256'],
  [0x1305, 'TLS_AES_128_CCM_8_SHA256'],
  [0x1306, 'TLS_AEGIS_256_SHA512'],
  [0x1307, 'TLS_AEGIS_128L_SHA256'],
  [0xc0b4, 'TLS_SHA256_SHA256'],
  [0xc0b5, 'TLS_SHA384_SHA384'],
  [0xc103, 'TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L'],
  [0xc104, 'TLS_GOSTR341112_256_WITH_MAGMA_MGM_L'],
  [0xc105, 'TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_S'],
  [0xc106, 'TLS_GOSTR341112_256_WITH_MAGMA_MGM_S'],
];

/**
 * GB/T 38636-2020, table 2, where RSA with SHA-256 stands out of line: {0xe0,0x1c} for CBC, {0xe0,0x5a} for GCM. Those with SM1, and
 * RSA_SM4_SHA1, are of its forerunner GM/T 0024-2014, table 2.
 */
export const tlcpSuites: readonly (readonly [number, string])[] = [
  [0xe001, 'ECDHE_SM1_SM3'],
  [0xe003, 'ECC_SM1_SM3'],
  [0xe005, 'IBSDH_SM1_SM3'],
  [0xe007, 'IBC_SM1_SM3'],
  [0xe009, 'RSA_SM1_SM3'],
  [0xe00a, 'RSA_SM1_SHA1'],
  [0xe011, 'ECDHE_SM4_CBC_SM3'],
  [0xe013, 'ECC_SM4_CBC_SM3'],
  [0xe015, 'IBSDH_SM4_CBC_SM3'],
  [0xe017, 'IBC_SM4_CBC_SM3'],
  [0xe019, 'RSA_SM4_CBC_SM3'],
  [0xe01a, 'RSA_SM4_SHA1'],
  [0xe01c, 'RSA_SM4_CBC_SHA256'],
  [0xe051, 'ECDHE_SM4_GCM_SM3'],
  [0xe053, 'ECC_SM4_GCM_SM3'],
  [0xe055, 'IBSDH_SM4_GCM_SM3'],
  [0xe057, 'IBC_SM4_GCM_SM3'],
  [0xe059, 'RSA_SM4_GCM_SM3'],
  [0xe05a, 'RSA_SM4_GCM_SHA256'],
];

/** Never registered, but once in wide use: 56-bit export drafts, Netscape's FIPS suites, GOST and ChaCha20 before their RFCs. */
export const unregisteredSuites: readonly (readonly [number, string])[] = [
  [0x0060, 'TLS_RSA_EXPORT1024_WITH_RC4_56_MD5'],
  [0x0061, 'TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5'],
  [0x0062, 'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA'],
  [0x0063, 'TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA'],
  [0x0064, 'TLS_RSA_EXPORT1024_WITH_RC4_56_SHA'],
  [0x0065, 'TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA'],
  [0x0066, 'TLS_DHE_DSS_WITH_RC4_128_SHA'],
  [0x0080, 'TLS_GOSTR341094_WITH_28147_CNT_IMIT'],
  [0x0081, 'TLS_GOSTR341001_WITH_28147_CNT_IMIT'],
  [0x0082, 'TLS_GOSTR341094_WITH_NULL_GOSTR3411'],
  [0x0083, 'TLS_GOSTR341001_WITH_NULL_GOSTR3411'],
  [0xcc13, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD'],
  [0xcc14, 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256_OLD'],
  [0xcc15, 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD'],
  [0xfefe, 'SSL_RSA_FIPS_WITH_DES_CBC_SHA'],
  [0xfeff, 'SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA'],
];

/** Cipher kinds of SSL 2.0, three bytes each (draft-hickman-netscape-ssl-00, 4.2). */
export const ssl2Kinds: readonly (readonly [number, string])[] = [
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
];
