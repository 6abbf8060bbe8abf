/** Reads the environment variables of the Lambdas, and throws when a variable is missing. */

const variables = {
  AWS_REGION: "the region, set by Lambda itself",
  ANCHOR_ACCOUNT: "the anchor's account id; not in route",
  CENTRAL_ACCOUNT: "the central account's id; only publish reads it",
  ARTIFACT_BUCKET: "the central bucket of artifacts and results",
  REGISTRY_BUCKET: "the central bucket of estate and release templates",
  CACHE_BUCKET: "the anchor's cache; not in route",
  CACHE_KEY_ARN: "the key of the anchor's cache; not in route",
  CI_ROLE_ID: "the unique id of kedge-ci; in execute only",
  CI_SESSION_NAME: "how the trust of kedge-ci pins session names; in execute only",
  PEOPLE_SESSION_NAME: "the same for kedge-approver; in execute only",
} as const;

type Variable = keyof typeof variables;

class EnvironmentIncomplete extends Error {
  override name = "EnvironmentIncomplete";
}

/** @example const { ARTIFACT_BUCKET } = environment("ARTIFACT_BUCKET"); */
export function environment<Wanted extends Variable>(
  ...wanted: readonly Wanted[]
): Readonly<Record<Wanted, string>> {
  const missing = wanted.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    const listed = missing.map((name) => `${name} (${variables[name]})`).join(", ");
    throw new EnvironmentIncomplete(`Not in this Lambda's environment: ${listed}. The stack has to set it.`);
  }
  return Object.fromEntries(wanted.map((name) => [name, process.env[name]])) as Record<Wanted, string>;
}
