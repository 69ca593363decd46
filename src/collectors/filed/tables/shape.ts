/** One row as it stands in the file: its number there (1-based line of the sheet or record's first line of the CSV; position in a YAML list), cells by column position. */
export type TableRow = { readonly row: number; readonly cells: readonly string[] };

/** A table as read: nothing interpreted but what the format itself says (an Excel date cell is `YYYY-MM-DD`). */
export type Table = {
  /** XLSX only. */
  readonly sheet?: string;
  /** Column heads, trimmed, NFKC, inner whitespace collapsed; two-line heads joined by `/`; '' for a column without head. */
  readonly head: readonly string[];
  /** Row number of (the last line of) the head; 0 in YAML. */
  readonly headRow: number;
  /** Blank rows left out; every row has as many cells as the head. */
  readonly rows: readonly TableRow[];
};

/** What the caller knows of the table. */
export type TableOptions = {
  /** XLSX only: the sheet's name. Without it the only visible sheet, else the first that has a head. */
  readonly sheet?: string;
  /** Whether a row of cells (NFKC, trimmed) is the head. */
  readonly isHead: (cells: readonly string[]) => boolean;
};
