/**
 * DescribeSecret, ListSecrets and ListSecretVersionIds return all properties of secrets except the values.
 */
import type { Filter } from "@aws-sdk/client-secrets-manager";
import { invalidParameter } from "./errors.ts";
import { findSecret, onSecret } from "./find-secret.ts";
import type { Secret, SecretOperation } from "./state.ts";

export const describeSecret: SecretOperation<"DescribeSecret"> = {
  access: onSecret("DescribeSecret"),
  run: (input, call) => {
    const secret = findSecret(input.SecretId, call);
    return { ...facts(secret), VersionIdsToStages: stagesOf(secret) };
  },
};

export const listSecrets: SecretOperation<"ListSecrets"> = {
  access: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),
  run: (input, call) => {
    const size = checkSize(input.MaxResults);
    const found = [...call.state.secrets.values()]
      .filter(({ deletedAt }) => input.IncludePlannedDeletion || deletedAt === undefined)
      .filter((secret) => (input.Filters ?? []).every((filter) => matchesFilter(secret, filter)))
      .sort(
        (left, right) =>
          left.createdAt.getTime() - right.createdAt.getTime() || (left.name < right.name ? -1 : 1),
      );
    if (input.SortOrder === "desc") found.reverse();
    const after =
      input.NextToken === undefined ? -1 : found.findIndex(({ arn }) => arn === fromToken(input.NextToken));
    if (input.NextToken !== undefined && after < 0) throw invalidToken();
    const page = found.slice(after + 1, after + 1 + size);
    const last = page.at(-1);
    return {
      SecretList: page.map((secret) => ({ ...facts(secret), SecretVersionsToStages: stagesOf(secret) })),
      ...(found.length > after + 1 + size && last && { NextToken: Buffer.from(last.arn).toString("base64") }),
    };
  },
};

export const listSecretVersionIds: SecretOperation<"ListSecretVersionIds"> = {
  access: onSecret("ListSecretVersionIds"),
  run: (input, call) => {
    const secret = findSecret(input.SecretId, call);
    const size = checkSize(input.MaxResults);
    const found = secret.versions.filter(({ stages }) => input.IncludeDeprecated || stages.length > 0);
    const after =
      input.NextToken === undefined ? -1 : found.findIndex(({ id }) => id === fromToken(input.NextToken));
    if (input.NextToken !== undefined && after < 0) throw invalidToken();
    const page = found.slice(after + 1, after + 1 + size);
    const last = page.at(-1);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: page.map((version) => ({
        VersionId: version.id,
        VersionStages: [...version.stages],
        CreatedDate: version.createdAt,
        ...(version.accessedAt && { LastAccessedDate: version.accessedAt }),
        KmsKeyIds: [secret.kmsKeyId ?? "DefaultEncryptionKey"],
      })),
      ...(found.length > after + 1 + size && last && { NextToken: Buffer.from(last.id).toString("base64") }),
    };
  },
};

const facts = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(secret.description !== undefined && { Description: secret.description }),
  ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
  CreatedDate: secret.createdAt,
  LastChangedDate: secret.changedAt,
  ...(secret.accessedAt !== undefined && { LastAccessedDate: secret.accessedAt }),
  ...(secret.deletedAt !== undefined && { DeletedDate: secret.deletedAt }),
  Tags: [...secret.tags],
});

const stagesOf = ({ versions }: Secret): Record<string, string[]> =>
  Object.fromEntries(
    versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, [...stages]]),
  );

const fromToken = (token: string | undefined): string => Buffer.from(token ?? "", "base64").toString("utf8");
const invalidToken = () => invalidParameter("The NextToken value is invalid.");

function checkSize(asked: number | undefined): number {
  const size = asked ?? 100;
  if (!Number.isInteger(size) || size < 1 || size > 100)
    throw invalidParameter("MaxResults must be between 1 and 100 (inclusive).");
  return size;
}

/**
 * A filter value matches the beginning of a text; a leading `!` negates it. (Secrets Manager API Reference,
 * Filter)
 */
function matchesFilter(secret: Secret, { Key: key, Values: values = [] }: Filter): boolean {
  const texts = {
    name: [secret.name],
    description: [secret.description ?? ""],
    "tag-key": secret.tags.map((tag) => tag.Key ?? ""),
    "tag-value": secret.tags.map((tag) => tag.Value ?? ""),
    "primary-region": [secret.region],
    "owning-service": [],
    all: [
      secret.name,
      secret.description ?? "",
      ...secret.tags.flatMap((tag) => [tag.Key ?? "", tag.Value ?? ""]),
    ],
  }[key ?? "all"];
  if (texts === undefined) throw invalidParameter(`The filter key ${key} is not valid.`);
  const folded = (text: string): string =>
    key === "description" || key === "all" ? text.toLowerCase() : text;
  return values.some((value) => {
    const wanted = folded(value.replace(/^!/, ""));
    const found = texts.some((text) => folded(text).startsWith(wanted));
    return value.startsWith("!") ? !found : found;
  });
}
