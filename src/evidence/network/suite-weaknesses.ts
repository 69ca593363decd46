import { type SuiteProperties, suiteProperties } from './cipher-suites.ts';

/** Properties that a rule may forbid, with what is wrong about each. */
export const weaknesses = {
  null: { zh: '不加密', en: 'no encryption' },
  anonymous: { zh: '匿名密钥交换', en: 'anonymous key exchange' },
  export: { zh: '出口级弱密钥', en: 'export grade' },
  rc4: { zh: 'RC4', en: 'RC4' },
  rc2: { zh: 'RC2', en: 'RC2' },
  des: { zh: 'DES', en: 'DES' },
  '3des': { zh: '3DES', en: '3DES' },
  idea: { zh: 'IDEA', en: 'IDEA' },
  seed: { zh: 'SEED', en: 'SEED' },
  md5: { zh: 'MD5', en: 'MD5' },
  cbc: { zh: 'CBC 模式', en: 'CBC mode' },
  sha1: { zh: 'SHA-1', en: 'SHA-1' },
  'no-forward-secrecy': { zh: '无前向保密', en: 'no forward secrecy' },
} as const;

export type Weakness = keyof typeof weaknesses;

/** All weaknesses, as a schema wants them. */
export const weaknessNames = Object.keys(weaknesses) as [Weakness, ...Weakness[]];

/** What is weak about a suite, in the order of {@link weaknesses}; undefined for a name of unknown form. */
export function weaknessesOf(name: string): Weakness[] | undefined {
  const properties = suiteProperties(name);
  return properties && weaknessNames.filter((weakness) => tests[weakness](properties));
}

const tests: Readonly<Record<Weakness, (suite: SuiteProperties) => boolean>> = {
  null: ({ cipher }) => cipher === 'NULL',
  anonymous: ({ anonymous }) => anonymous,
  export: (suite) => suite.export,
  rc4: ({ cipher }) => cipher === 'RC4',
  rc2: ({ cipher }) => cipher === 'RC2',
  des: ({ cipher }) => cipher === 'DES',
  '3des': ({ cipher }) => cipher === '3DES',
  idea: ({ cipher }) => cipher === 'IDEA',
  seed: ({ cipher }) => cipher === 'SEED',
  md5: ({ hash }) => hash === 'MD5',
  cbc: ({ mode }) => mode === 'cbc',
  sha1: ({ hash }) => hash === 'SHA' || hash === 'SHA1',
  'no-forward-secrecy': ({ forwardSecrecy }) => !forwardSecrecy,
};
