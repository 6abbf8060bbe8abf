/** A row of the table of codes. */

/** `rejected`: only the uploader or the estate's owner can fix it, so Kedge never retries it. `errored`: Kedge or AWS failed, so a retry can help. */
export type Move = "rejected" | "errored";

export type CodeTable = Readonly<
  Record<string, { readonly move: Move; readonly meaning: string; readonly remedy: string }>
>;
