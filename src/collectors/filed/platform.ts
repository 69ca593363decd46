import { declarationOf } from '../../platform-declaration.ts';
import { defineCollector } from '../collector.ts';

/** What the unit declares of itself and its platform, without paths, keys and numbers of persons. */
export const platform = defineCollector({
  id: 'filed/platform',
  kind: 'platform',
  subjects: (declared) => [declared.platform.name],
  collect: async (_, tools) => ({ value: declarationOf(tools.platform), method: 'platform file' }),
});
