/** The port that answers CodePipeline's jobs. */

export type Jobs = {
  readonly succeed: (job: string, outputs: Readonly<Record<string, string>>) => Promise<void>;
  /** The action is invoked again with the token. */
  readonly continueLater: (job: string, token: string) => Promise<void>;
  readonly fail: (job: string, message: string) => Promise<void>;
};
