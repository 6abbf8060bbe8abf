/** The tags of stacks, and the characters that a tag's value may have. */

/** Tags of a pipeline's stack. They name the input of the stack. */
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
