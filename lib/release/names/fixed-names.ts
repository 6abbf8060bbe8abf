/** The fixed names of what the control plane, the anchors and the targets consist of; the same in every estate. */

export const artifactsBucket = (central: string, region: string): string =>
  `kedge-artifacts-${central}-${region}`;
export const registryBucket = (central: string, region: string): string =>
  `kedge-registry-${central}-${region}`;
export const cacheBucket = (anchor: string, region: string): string => `kedge-cache-${anchor}-${region}`;
/** The anchor's cache key in another region: copies of a multi-Region key have its id. */
export const keyIn = (keyArn: string, region: string): string =>
  keyArn.replace(/^(arn:aws:kms):[^:]*:/, `$1:${region}:`);
export const roleArn = (account: string, role: string): string => `arn:aws:iam::${account}:role/${role}`;

export const registryKeys = {
  estate: "estate/estate.yml",
  templates: "templates/index.json",
  template: (name: string, version: string, sha256Hex: string): string =>
    `templates/${name}/${version}/${sha256Hex}.mjs`,
  /** JSON Schema of the template's settings, to compare the next version with. */
  settings: (name: string, version: string, sha256Hex: string): string =>
    `templates/${name}/${version}/${sha256Hex}.settings.json`,
} as const;

export const places = {
  cacheKeyAlias: "alias/kedge-cache",
  /** By class of branch: a hotfix does not stand in line behind features. */
  lineQueues: {
    hotfix: "kedge-lines-hotfix.fifo",
    main: "kedge-lines-main.fifo",
    feature: "kedge-lines-feature.fifo",
  },
  packageFunction: "kedge-package",
  prepareFunction: "kedge-prepare",
  smokeFunction: "kedge-smoke",
  verifyFunction: "kedge-verify",
  callFunction: "kedge-call",
  siteFunction: "kedge-site",
  pipelineRole: "kedge-pipeline",
  pipelineStackRole: "kedge-pipeline-stack",
  smokeProject: "kedge-smoke-test",
  deployRole: "kedge-deploy",
  executionRole: "kedge-cloudformation",
} as const;

/** Tags of a pipeline's stack: what it was made from. */
export const tags = {
  planDigest: "kedge:plan-digest",
  template: "kedge:template",
  account: "kedge:account",
  app: "kedge:app",
  branch: "kedge:branch",
  level: "kedge:level",
} as const;

const longestTag = 256;

/**
 * Tags take letters, digits, blanks and a few signs only, so a tag tells people the line; `line.json` has it exactly.
 * IAM, whose roles inherit a stack's tags, keeps values that begin with `aws:` for itself.
 */
export const tagValue = (text: string): string =>
  text
    .replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_")
    .replace(/^aws:/i, "aws_")
    .slice(0, longestTag)
    .replace(/[\ud800-\udbff]$/, ""); // half of a character that the cut went through
