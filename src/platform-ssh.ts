import { z } from 'zod';

const name = z.string().min(1).max(200);
const path = z.string().min(1).max(4096);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/);

/** How a host is asked by SSH; what is left out comes from `~/.ssh/config`, else it is what `ssh` would take. */
export const sshSchema = z.strictObject({
  user: name.optional(),
  port: z.int().min(1).max(65_535).optional(),
  /** A private key, relative to the platform file; its passphrase comes from LEQI_SSH_PASSPHRASE or a prompt. */
  keyFile: path.optional(),
  /** The one way to log in that is tried; left out: the key file, else the password, else the agent and the usual key files. */
  login: z.enum(['agent', 'key', 'password', 'keyboard-interactive']).optional(),
  /** Never the password itself: `prompt`, or the environment variable that holds it. */
  password: z.union([z.literal('prompt'), z.strictObject({ env: variable })]).optional(),
  /** The name of a jump host or of another host, through which it is reached. */
  jump: name.optional(),
  /** The host key, as `ssh-keygen -l` shows it; without it known_hosts must hold the key. */
  fingerprint: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, '应写作 SHA256:… 形式的指纹 | must be a fingerprint written SHA256:…')
    .optional(),
});

/** How SSH reaches one machine. */
export type SshDeclaration = z.output<typeof sshSchema>;

/** A bastion or other host that is passed through and not examined. */
export const jumpHostSchema = (address: z.ZodType<string>) =>
  z.strictObject({ name, address, ssh: sshSchema.optional() });

type Reached = { readonly name: string; readonly ssh?: SshDeclaration | undefined };

/** Says which jump hosts are not declared, or lead back to themselves. */
export function checkJumps(hosts: readonly Reached[], jumpHosts: readonly Reached[], context: z.RefinementCtx): void {
  const all = [...jumpHosts, ...hosts];
  const jumpOf = (host: string): string | undefined => all.find((each) => each.name === host)?.ssh?.jump;
  const check = (list: readonly Reached[], key: string): void => {
    for (const [index, { name: start, ssh }] of list.entries()) {
      if (ssh?.jump === undefined) continue;
      const passed = new Set([start]);
      for (let next: string | undefined = ssh.jump; next !== undefined; next = jumpOf(next)) {
        const isThere = all.some((each) => each.name === next);
        if (isThere && !passed.has(next)) {
          passed.add(next);
          continue;
        }
        const message = isThere
          ? `跳板「${next}」绕回自身 | the jump host "${next}" leads back to itself`
          : `没有名为「${next}」的主机或跳板 | there is no host or jump host named "${next}"`;
        context.addIssue({ code: 'custom', path: [key, index, 'ssh', 'jump'], message });
        break;
      }
    }
  };
  check(hosts, 'hosts');
  check(jumpHosts, 'jumpHosts');
}
