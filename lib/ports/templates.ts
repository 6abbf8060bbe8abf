/** The port to the place of templates that are too large for a call. */

export type Templates = {
  /** Stores the template once where the target's deploy role reads it, and returns its URL. */
  readonly publish: (region: string, template: string) => Promise<string>;
};
