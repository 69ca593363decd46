import type { TableProblem } from '../../../evidence/database/records.ts';
import type { TimeFamily } from './time-columns.ts';

/** A declared table as its server describes it. */
export type CatalogueTable = {
  readonly schema: string;
  readonly name: string;
  /** Quoted, with its schema: stands in statements. */
  readonly place: string;
  readonly time: {
    readonly name: string;
    /** Quoted. */
    readonly column: string;
    /** Absent: a type that dates nothing. */
    readonly family: TimeFamily | undefined;
    /** As the server writes it. */
    readonly type: string;
  };
  /** The server's estimate. */
  readonly rows: number;
  readonly bytes: number;
  /** The server can count by an index whose first column is the time; its name. */
  readonly index?: string;
  /** The share of the table whose rows an index can count without a look at them. */
  readonly visible: number;
  /** The first column of the primary key, quoted; `isNumber`: points between its ends can be computed. */
  readonly key?: { readonly column: string; readonly isNumber: boolean };
  /** Partitions that are tables of their own. */
  readonly partitions: readonly string[];
  /** What holds rows of it, or it is a part of: partitions and parents, with their schemas. */
  readonly relatives: readonly Relative[];
  /** What the server says of how the table is made; MySQL and its kin: SHOW CREATE TABLE; PostgreSQL: `UNLOGGED`, or nothing. */
  readonly definition: string;
};

/** A table that is a part of another, or has it for a part. */
export type Relative = { readonly schema: string; readonly name: string; readonly isAbove: boolean };

/** A declared table that cannot be counted. */
export class TableUnavailable extends Error {
  readonly problem: TableProblem;

  /** @param detail what the server said; it may be untrusted text */
  constructor(problem: TableProblem, detail: string) {
    super(detail);
    this.name = 'TableUnavailable';
    this.problem = problem;
  }
}
