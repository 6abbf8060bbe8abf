/** The port to the Service Catalog portfolio that accounts launch the products from. */

export type Portfolio = {
  /** Shares it with the organization and answers its id; undefined when there is no portfolio of Kedge. */
  readonly share: (organization: string) => Promise<string | undefined>;
};
