/** Seconds that a statement waits for a lock, at most. */
const lockSeconds = 5;

/**
 * What each transaction of PostgreSQL begins with: limits for time and locks, no search path that others can write to, and row security off, so that rows
 * that a policy hides are an error, not an absence.
 */
export function postgresqlLimits(seconds: number, timeZone = 'UTC'): string {
  return [
    `SET LOCAL statement_timeout = ${seconds * 1000}`,
    `SET LOCAL lock_timeout = ${lockSeconds * 1000}`,
    'SET LOCAL search_path = pg_catalog',
    'SET LOCAL row_security = off',
    `SET LOCAL timezone = '${timeZone.replaceAll("'", "''")}'`,
    'SET LOCAL datestyle = ISO',
  ].join('; ');
}
