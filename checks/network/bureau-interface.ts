import { z } from 'zod';
import { endpointName } from '../../src/evidence/subjects.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';

/** The interface that is open to the tax bureau for online checks answers, and over TLS. */
export const check = defineCheck({
  id: 'network/bureau-interface',
  title: { zh: '向税务机关开放的查验接口可用', en: 'The interface opened to the tax bureau answers' },
  about: {
    zh: '对平台文件中注明向税务机关开放（serves: bureau）的端口，以实际的 TLS 握手判定其是否应答；从扫描位置能够连通，不代表税务机关一定能够连通，接口的业务内容也看不到。',
    en: 'Judges by real TLS handshakes whether the ports that the platform file says are open to the tax bureau (serves: bureau) answer. That they can be reached from where the scanner stands does not show that the bureau reaches them, nor what the interface does.',
  },
  reads: ['platform', 'tls'],
  parameters: z.strictObject({}),
  messages: {
    answers: {
      zh: '查验接口 {{endpoint}} 以 {{versions}} 应答',
      en: 'the interface {{endpoint}} answers over {{versions}}',
    },
    notTls: {
      zh: '查验接口 {{endpoint}} 不使用 TLS，应答为：{{saw}}',
      en: 'the interface {{endpoint}} speaks no TLS; it answered: {{saw}}',
    },
    noVersion: {
      zh: '查验接口 {{endpoint}} 应答 TLS，但没有一个版本能够确认',
      en: 'the interface {{endpoint}} answers TLS hellos, but no version could be made out',
    },
    notSeen: {
      zh: '没有查验接口 {{endpoint}} 的扫描证据',
      en: 'there is no evidence of a scan of the interface {{endpoint}}',
    },
    notDeclared: {
      zh: '平台文件没有注明哪个端口是向税务机关开放的查验接口',
      en: 'the platform file does not say which port is the interface that is open to the tax bureau',
    },
  },
  remedies: {
    notTls: { zh: '为该接口启用 TLS', en: 'let the interface speak TLS' },
    notDeclared: {
      zh: '在平台文件 endpoints 中对该接口写明 serves: bureau',
      en: 'say serves: bureau at that endpoint of the platform file',
    },
  },

  judge({ platform, tls }) {
    const open = platform.flatMap((seen) =>
      seen.value.endpoints
        .filter(({ serves, direction }) => serves === 'bureau' && direction === 'inbound')
        .map((endpoint) => ({ seen, endpoint: endpointName(endpoint) })),
    );
    if (open.length === 0) return [unproven('notDeclared', platform, {}, 'endpoints')];
    // One answer for each zone that it was asked from.
    return open.flatMap(({ seen, endpoint }): Finding<'answers' | 'notTls' | 'noVersion' | 'notSeen'>[] => {
      const services = tls.filter(({ subject }) => subject === endpoint);
      if (services.length === 0) return [unproven('notSeen', seen, { endpoint }, endpoint)];
      return services.map((service) => {
        const cites = [service, seen] as const;
        if (!service.value.speaksTls) return unmet('notTls', cites, { endpoint, saw: service.value.saw });
        const versions = service.value.versions
          .filter(({ state }) => state === 'offered')
          .map(({ version }) => version);
        return versions.length > 0
          ? met('answers', cites, { endpoint, versions: versions.join(', ') })
          : unproven('noVersion', cites, { endpoint });
      });
    });
  },
});
