/** A row of the table of codes. */

/** `rejected`: only the uploader (or the estate's owner) can mend it, so it is never retried. `errored`: ours or AWS's, may be retried. */
export type Move = "rejected" | "errored";

export type CodeTable = Readonly<
  Record<string, { readonly move: Move; readonly meaning: string; readonly remedy: string }>
>;
