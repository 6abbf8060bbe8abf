/** The parts of a request that a signature covers. */

export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
};
