/** Lists the files of `recorded/`. */

export type Sample = {
  readonly example: string;
  /** In this environment the functions of the pipeline do their work. */
  readonly environment: "dev" | "prod";
};

/** The first two move their traffic step by step in production. Only the first needs time, so no other waits beside it. */
export const samples: readonly Sample[] = [
  { example: "orders-ecs", environment: "prod" },
  { example: "quote-lambda", environment: "prod" },
  { example: "cdk-orders", environment: "dev" },
  { example: "ledger-cloudformation", environment: "dev" },
  { example: "ledger-database", environment: "dev" },
  { example: "ledger-schema", environment: "dev" },
  { example: "letters-custom", environment: "dev" },
  { example: "menu-helm", environment: "dev" },
  { example: "orders-serverless", environment: "dev" },
  { example: "orders-traits", environment: "dev" },
  { example: "shop-sam", environment: "dev" },
  { example: "tides-site", environment: "dev" },
  { example: "uploads-terraform", environment: "dev" },
];

export const templateNames = [
  "control-plane",
  "anchor",
  "target",
  "anchor-region",
  "target-region",
  "launch-roles",
] as const;

export const recordedNames: readonly string[] = [
  ...templateNames.map((name) => `template.${name}`),
  ...samples.flatMap(({ example }) => [`pipeline.${example}`, `documents.${example}`]),
  ...["messages", "results", "objects", "calls", "sweep", "names", "parameters"],
  ...["release-template-calls", "release-templates", "plan-digests"],
  ...["codes", "commands", "environment-variables", "schemas"],
];
