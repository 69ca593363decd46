/** Why a signature does not hold. */
export const signatureFaults = {
  unreadable: { zh: '签名无法解析', en: 'the signature cannot be read' },
  several: { zh: '签名含有多个签名人', en: 'the signature has several signers' },
  unsupported: {
    zh: '签名或摘要算法不受支持（支持 SHA-256/384/512 与 RSA、ECDSA）',
    en: 'its algorithms are not supported (SHA-256/384/512 with RSA or ECDSA are)',
  },
  noCertificate: { zh: '签名中没有签名人的证书', en: 'the signer’s certificate is not in it' },
  otherCertificate: { zh: '签名所指的是另一张证书', en: 'it was made for another certificate' },
  changed: { zh: '内容在签名之后被改动', en: 'what was signed has been changed since' },
  forged: { zh: '签名与证书的公钥不符', en: 'it was not made by the key of the certificate' },
  weak: {
    zh: '签名所用的密钥过弱（RSA 须不短于 2048 位，椭圆曲线须为 P-256、P-384、P-521）',
    en: 'its key is too weak (RSA from 2048 bits, P-256, P-384 or P-521 are asked)',
  },
} as const;

export type SignatureFault = keyof typeof signatureFaults;
