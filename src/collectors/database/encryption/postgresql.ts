import { z } from 'zod';
import type { Rest, Wire } from '../../../evidence/database/store-encryption.ts';
import { type AskedStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { Views } from '../views.ts';
import { admittingPlain, type HbaRule, trusting } from './hba-rules.ts';

const text = z.string();
const settingSchema = z.object({ name: text, setting: text.nullable() });
const namesSchema = z.array(text);
const ruleSchema = z.object({
  line: text,
  type: text.nullable(),
  databases: text.nullable(),
  users: text.nullable(),
  address: text.nullable(),
  netmask: text.nullable(),
  method: text.nullable(),
  error: text.nullable(),
});
const sessionSchema = z.object({ here: text, secure: text, sessions: text });
const tableSchema = z.object({ kind: text, method: text.nullable(), leaves: text, encrypted: text });

/** How a PostgreSQL server, or its kin, lets clients in, and whether it encrypts what it keeps. */
export async function encryptionOfPostgresql(
  session: Session,
  store: AskedStore,
  views: Views,
): Promise<{ wire: Wire; rest: Rest }> {
  const settings = await settingsOf(views);
  const rules = await rulesOf(views);
  const sessions = await sessionsOf(views);
  const { ssl, ssl_min_protocol_version: lowest, listen_addresses: listening } = settings;
  const listens = listening?.split(',').map((each) => each.trim());
  return {
    wire: {
      ...(session.tls ? { session: session.tls } : {}),
      ...(ssl === undefined ? {} : { tls: ssl === 'on' }),
      ...(lowest === undefined ? {} : { versions: [lowest] }),
      ...(listens ? { listens, localOnly: listens.every(isLocal) } : {}),
      ...(rules
        ? { admitsPlain: admittingPlain(rules, store.database), trusting: trusting(rules, store.database) }
        : {}),
      ...(sessions ? { sessions } : {}),
    },
    rest: await restOf(session, store, views, settings),
  };
}

/** Whether an address that a server listens at is reached from its own machine only; an empty one is none. */
export function isLocal(address: string): boolean {
  return address === '' || address === 'localhost' || address === '::1' || /^127(\.\d+){3}$/.test(address);
}

async function settingsOf(views: Views): Promise<Record<string, string>> {
  const rows = await views.rows(
    'pg_settings',
    settingSchema,
    `SELECT name, setting FROM pg_settings
      WHERE name IN ('ssl', 'ssl_min_protocol_version', 'listen_addresses', 'data_directory') OR name ~ 'tde|encrypt|keyring'`,
  );
  return Object.fromEntries((rows ?? []).map(({ name, setting }) => [name, setting ?? '']));
}

// The view shows the file as it is now; what the server has loaded is the same once it is reloaded. From 16 on lines of several files make up the
// rules, in the order of their numbers.
async function rulesOf(views: Views): Promise<HbaRule[] | undefined> {
  const view = 'pg_hba_file_rules';
  const rows = await views.rows(
    view,
    ruleSchema,
    `SELECT line_number AS line, type, array_to_json(database) AS databases, array_to_json(user_name) AS users, address, netmask,
            auth_method AS method, error
       FROM pg_hba_file_rules r ORDER BY (to_jsonb(r) ->> 'rule_number')::int NULLS FIRST, line_number`,
  );
  if (rows === undefined) return undefined;
  // A file with a mistake is not loaded: another one is in force.
  const rules = rows.map(({ line, type, databases, users, address, netmask, method, error }) =>
    error === null && type !== null && method !== null
      ? { line, type, databases: listOf(databases), users: listOf(users), address, netmask, method }
      : undefined,
  );
  if (rules.length > 0 && rules.every((rule) => rule !== undefined)) return rules;
  views.lacks(view, 'unclear');
  return undefined;
}

function listOf(json: string | null): string[] {
  return json === null ? [] : namesSchema.parse(JSON.parse(json));
}

// To who may not read all statistics, sessions of others show no protection.
async function sessionsOf(views: Views): Promise<Wire['sessions']> {
  const view = 'pg_stat_ssl';
  const granted = await views.rows(
    view,
    z.object({ granted: text }),
    `SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')::text AS granted`,
  );
  if (granted?.[0]?.granted !== 'true') {
    views.lacks(view, 'denied');
    return undefined;
  }
  const rows = await views.rows(
    view,
    sessionSchema,
    `SELECT (a.client_addr IS NULL OR a.client_addr <<= '127.0.0.0/8' OR a.client_addr = '::1' OR a.client_addr = inet_server_addr())::text AS here,
            (coalesce(s.ssl, false) OR coalesce(g.encrypted, false))::text AS secure, count(*) AS sessions
       FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s USING (pid) LEFT JOIN pg_stat_gssapi g USING (pid)
      WHERE a.backend_type IN ('client backend', 'walsender') GROUP BY 1, 2`,
  );
  if (rows === undefined) return undefined;
  const of = (wanted: (row: z.output<typeof sessionSchema>) => boolean): number =>
    rows.filter(wanted).reduce((sum, { sessions }) => sum + Number(sessions), 0);
  return {
    tls: of(({ here, secure }) => here === 'false' && secure === 'true'),
    plain: of(({ here, secure }) => here === 'false' && secure === 'false'),
    here: of(({ here }) => here === 'true'),
  };
}

// PostgreSQL itself encrypts nothing that it keeps. Others build on it and do: they name themselves in version(), or have settings of their own.
function isCommunity(version: string, settings: Readonly<Record<string, string>>): boolean {
  const ofOthers = Object.keys(settings).filter((name) => /tde|encrypt|keyring/.test(name));
  return (
    /^PostgreSQL \d+(\.\d+)*(devel|beta\d|rc\d)?( \((Debian|Ubuntu|Homebrew)[^)]*\))? on /.test(version) &&
    ofOthers.every((name) => name === 'password_encryption')
  );
}

// Percona’s pg_tde: tables by its access method are encrypted, whatever is in temporary files is not (docs.percona.com/pg-tde).
async function restOf(
  session: Session,
  store: AskedStore,
  views: Views,
  settings: Readonly<Record<string, string>>,
): Promise<Rest> {
  const isOpen = isCommunity(session.version, settings);
  const hasTde = Object.keys(settings).some((name) => name.startsWith('pg_tde.'));
  const tables: Rest['tables'] = [];
  for (const table of store.tables) {
    const found = await views.rows('pg_class', tableSchema, tableSql, [table.schema ?? 'public', table.name]);
    tables.push({ name: tableName(table), ...stateOf(found?.[0], isOpen, hasTde) });
  }
  const wal = settings['pg_tde.wal_encrypt'];
  const { data_directory: directory, ...shown } = settings;
  return {
    ...(directory ? { directory } : {}),
    tables,
    parts: isOpen
      ? (['redo', 'temporary'] as const).map((part) => ({ part, state: 'plain' as const }))
      : [
          { part: 'redo', state: wal === 'on' ? 'encrypted' : wal === 'off' ? 'plain' : 'unknown' },
          { part: 'temporary', state: hasTde ? 'plain' : 'unknown' },
        ],
    keys: hasTde ? [{ plugin: 'pg_tde', place: 'unknown' }] : [],
    // Settings of others may hold anything: only plain words and numbers are kept of them.
    settings: Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, /^[\w.,:* -]{0,80}$/.test(value) ? value : '…']),
    ),
  };
}

const tableSql = `
  WITH RECURSIVE all_of AS (
    SELECT c.oid, c.relkind, c.relam FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    UNION
    SELECT c.oid, c.relkind, c.relam FROM all_of a JOIN pg_inherits i ON i.inhparent = a.oid JOIN pg_class c ON c.oid = i.inhrelid
  )
  SELECT c.relkind AS kind, am.amname AS method, count(*) FILTER (WHERE p.relkind <> 'p') AS leaves,
         count(*) FILTER (WHERE p.relkind = 'r' AND pam.amname = 'tde_heap') AS encrypted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
    CROSS JOIN all_of p LEFT JOIN pg_am pam ON pam.oid = p.relam
   WHERE n.nspname = $1 AND c.relname = $2 GROUP BY 1, 2`;

function stateOf(
  found: z.output<typeof tableSchema> | undefined,
  isOpen: boolean,
  hasTde: boolean,
): Omit<Rest['tables'][number], 'name'> {
  if (!found) return { state: 'unknown', by: 'missing' };
  const by = found.method ?? found.kind;
  // A view’s or a foreign table’s rows are kept elsewhere.
  if (found.kind !== 'r' && found.kind !== 'p') return { state: 'unknown', by: `relkind ${found.kind}` };
  if (isOpen) return { state: 'plain', by };
  if (!hasTde || found.leaves === '0') return { state: 'unknown', by };
  return { state: found.leaves === found.encrypted ? 'encrypted' : 'plain', by };
}
