const mebibyte = 1024 * 1024;

/** How much a server may be asked to read for one table. */
export type Budgets = {
  /** Bytes up to which a table is read whole without a look for an index. */
  readonly tiny: number;
  /** Bytes up to which a table without an index is read whole: some seconds on slow disks. */
  readonly whole: number;
  /** Bytes of a table that a sample reads, of the 200 MB that it may. */
  readonly sample: number;
  /** Estimated rows up to which each is counted by the index: under a second (PostgreSQL counts some 10 million a second, MariaDB 4). */
  readonly exact: number;
  /** The same where the index of PostgreSQL does not know which rows are in force, and each must be looked at. */
  readonly exactUnseen: number;
  /** A capped month is counted so far at least. */
  readonly leastCap: number;
  /** Points of the primary key that a sample of MySQL or MariaDB looks at, the rows of one key each, for some six pages of 16 KiB. */
  readonly points: number;
  /** Groups of equal beginnings that a column of text may fall into. */
  readonly groups: number;
};

/** Chosen so that a store of a few tables is done in seconds and nobody else notices. */
export const usualBudgets: Budgets = {
  tiny: 8 * mebibyte,
  whole: 100 * mebibyte,
  sample: 128 * mebibyte,
  exact: 3_000_000,
  exactUnseen: 300_000,
  leastCap: 10_000,
  points: 1000,
  groups: 100_000,
};
