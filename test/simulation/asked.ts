/** One call of the SDK, as the adversary of a simulation sees it. */

/** A call of a function, as far as it matters to a trace. */
export type Asked = {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};
