import { z } from 'zod';
import { plainDate } from '../schemas.ts';

const update = z.strictObject({ name: z.string(), installed: z.string(), available: z.string() });

/** How far behind its security updates a host is, by package metadata that it holds already: nothing is fetched. */
export const patchState = {
  origin: 'host',
  per: 'host',
  title: { zh: '补丁状态', en: 'Security updates' },
  value: z.strictObject({
    /** ID, VERSION_ID and PRETTY_NAME of os-release(5). */
    system: z.strictObject({ id: z.string(), version: z.string(), title: z.string() }),
    /** Absent: neither dpkg nor rpm. */
    packages: z.enum(['deb', 'rpm']).optional(),
    /** The day on which its security metadata was published, of several lists of apt the oldest, else the newest; absent: it holds none that speaks of security. */
    metadata: plainDate.optional(),
    /** Installed packages for which that metadata has a newer version: all counted, some named. */
    pending: z.int().nonnegative(),
    updates: z.array(update),
    /** Packages of which it cannot be told, such as those of a module stream. */
    unclear: z.int().nonnegative(),
    /** The day of the newest recorded upgrade (dpkg) or installation (rpm). */
    lastUpgrade: plainDate.optional(),
    /** Where an installed kernel is newer than the one that runs, since when it lies there. */
    newerKernel: z.strictObject({ running: z.string(), installed: z.string(), since: plainDate }).optional(),
  }),
} as const;

export type PatchState = z.output<typeof patchState.value>;
