/**
 * Lists the ways to make a call: the service that a role is passed to, the prefix of a listing, the boundary
 * of a role, a request without TLS.
 */
import { folders } from "#release/names/deployed-names.ts";
import { tags } from "#release/names/tags.ts";
import { type DeployedEstate, strings } from "./deployed-estate.ts";
import type { Actor } from "./principals.ts";
import { aKeyOfParameters, applicationTag, type ProbedResource } from "./resource.ts";
import { boundaryArnIn } from "./resources.ts";

export type Variant = {
  readonly label: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly secure?: boolean;
  /** The tenant that owns the listed prefix. */
  readonly tenant?: string;
  /** The section of the bucket that the call concerns: `(uploads)`. */
  readonly section?: string;
};

export const plain: Variant = { label: "" };
const inTheClear: Variant = { label: "without TLS", secure: false };

const withBoundary = new Set(
  ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"]
    .concat("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary")
    .map((name) => `iam:${name}`),
);
const listing = new Set(["s3:ListBucket", "s3:ListBucketVersions"]);

type VariantsOf = (action: string, resource: ProbedResource, actor: Actor) => readonly Variant[];

export function variantsOf(estate: DeployedEstate, resources: readonly ProbedResource[]): VariantsOf {
  const passing = [...servicesPassedTo(estate), "ec2.amazonaws.com"].map(
    (service): Variant => ({ label: `to ${service}`, context: { "iam:PassedToService": service } }),
  );
  const prefixes = resources
    .filter(({ kind }) => kind === "an upload")
    .flatMap(({ arn, tenant }): readonly Variant[] => {
      const account = arn.split("/")[1] ?? "";
      const below = (prefix: string, section: string): Variant => ({
        ...{ label: `below ${prefix}`, context: { "s3:prefix": prefix }, tenant, section },
      });
      return [
        below(`${account}/`, " (uploads)"),
        below(`${folders.results}${account}/`, " (results)"),
        below(`${folders.uploads}${account}/`, " (records of uploads)"),
        below(`${folders.people}${account}/`, " (people)"),
      ];
    });
  const elsewhere = prefixes.map(({ label, context }): Variant => ({ label, ...(context && { context }) }));
  const asked = variantsAsked(estate);
  const boundaries = boundaryVariants();
  const others: VariantsOf = (action, resource, actor) => {
    if (actor.kind === "administrator" && actor.account === resource.account) return [plain, inTheClear];
    if (resource.kind === aKeyOfParameters) return [viaParameters];
    if (action === "iam:PassRole") return passing;
    if (withBoundary.has(action)) {
      return boundaries(resource.account);
    }
    // A listing of any other bucket concerns the whole bucket.
    if (listing.has(action) && resource.kind === "Artifacts") return [plain, ...prefixes];
    if (listing.has(action) && resource.kind === "a foreign bucket") return [plain, ...elsewhere];
    if (resource.ofAnApplication && tagging.test(action)) return [plain, anothersTag];
    if (action === "codebuild:StartBuild" && actor.kind === "application") return [plain, ...overriding];
    return [plain, ...(asked.get(action) ?? [])];
  };
  const creating = new Map<Variant, Variant>();
  const thatCreates = (variant: Variant): Variant => {
    const held = creating.get(variant) ?? { ...variant, context: { ...creates, ...variant.context } };
    creating.set(variant, held);
    return held;
  };
  return (action, resource, actor) => {
    const variants = others(action, resource, actor);
    if (action !== "s3:PutObject") return variants;
    return [...variants.map(thatCreates), ...(writtenOnce.includes(resource.kind) ? [onlyOnce] : [])];
  };
}

/** The same variants for each call in an account, because contexts are shared by variant. */
function boundaryVariants(): (account: string) => readonly Variant[] {
  const made = new Map<string, readonly Variant[]>();
  const boundary = (label: string, arn: string): Variant => ({
    label,
    context: { "iam:PermissionsBoundary": arn },
  });
  return (account) => {
    const held = made.get(account) ?? [
      plain,
      boundary("with the boundary", boundaryArnIn(account)),
      boundary("with another boundary", `arn:aws:iam::${account}:policy/somebody`),
    ];
    made.set(account, held);
    return held;
  };
}

/** Systems Manager decrypts a secure parameter as its caller. */
const viaParameters: Variant = {
  label: "through Systems Manager",
  context: { "kms:ViaService": "ssm.us-east-1.amazonaws.com" },
};

export const withBuildspec = "with another buildspec";
export const withVariable = "with a variable of the shell";

/** Actions that give a resource or a session its tags. */
const tagging = /^(iam:CreateRole$|[a-z-]+:(Tag|AddTags))/;
export const withAnothersTag = "with the tag of another application";
const anothersTag: Variant = {
  label: withAnothersTag,
  context: { "aws:TagKeys": tags.app, [`aws:RequestTag/${tags.app}`]: `${applicationTag}-other` },
};

/** A build takes commands from its buildspec and from variables such as BASH_ENV. */
const overriding: readonly Variant[] = [
  { label: withBuildspec, context: { "codebuild:source.buildspec": "true" } },
  { label: withVariable, context: { "codebuild:environment.environmentVariables.name": "BASH_ENV" } },
];

/** Kinds of objects that the policy of their bucket lets a writer make and not replace. */
export const writtenOnce: readonly string[] = [
  ...["an asset", "a pipeline's artifact", "a smoke test's input", "a former smoke test's input"],
];

/** S3 sets the key in every request that makes an object (S3 User Guide, "Enforce conditional writes"). */
const creates = { "s3:ObjectCreationOperation": "true" };
const onlyOnce: Variant = {
  label: "if there is none of the name",
  context: { ...creates, "s3:if-none-match": "*" },
};

/** Condition keys that other variants or the resources set, and keys that every request has. */
const known =
  /^(aws:(?!ResourceTag)|s3:prefix$|s3:ObjectCreationOperation$|s3:ExistingObjectTag|iam:Pass|iam:PermissionsBoundary$|kms:ResourceAliases$|kms:ViaService$|codebuild:)/i;

/**
 * A variant with the values that a statement's condition asks for. So one call meets a condition on a
 * service's key, and another call misses it.
 */
function variantsAsked({ policies }: DeployedEstate): ReadonlyMap<string, readonly Variant[]> {
  const found = new Map<string, Map<string, Variant>>();
  for (const { Action, Condition } of [...policies.values()].flatMap(({ statements }) => statements)) {
    const context: Record<string, string> = {};
    for (const [operator, keys] of Object.entries(Condition ?? {}))
      for (const [key, value] of Object.entries(keys ?? {}))
        if (!known.test(key) && !/^Null|Not|IfExists$/.test(operator))
          Object.assign(context, meeting(key, strings(value)[0] ?? ""));
    if (Object.keys(context).length === 0) continue;
    const label = Object.entries(context)
      .map(([key, value]) => `with ${key} ${value}`)
      .join(" and ");
    for (const action of strings(Action))
      found.set(action, (found.get(action) ?? new Map()).set(label, { label, context }));
  }
  return new Map([...found].map(([action, variants]) => [action, [...variants.values()]]));
}

/** A policy variable alone, such as `${aws:SourceIdentity}`, asks for the value of another key. */
function meeting(key: string, value: string): Readonly<Record<string, string>> {
  const variable = /^\$\{(aws:[^}]+)\}$/.exec(value)?.[1];
  return variable === undefined ? { [key]: value.replaceAll("*", "x") } : { [key]: "x", [variable]: "x" };
}

function servicesPassedTo({ policies }: DeployedEstate): ReadonlySet<string> {
  const services = new Set<string>();
  for (const { statements } of policies.values())
    for (const { Condition } of statements)
      for (const keys of Object.values(Condition ?? {}))
        for (const [key, value] of Object.entries(keys ?? {}))
          if (key === "iam:PassedToService") for (const service of strings(value)) services.add(service);
  return services;
}
