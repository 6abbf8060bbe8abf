/**
 * The product's stacks for the tests: constructs for cdk-nag, and templates with their intrinsics resolved.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack } from "aws-cdk-lib/core";
import { anchorStack } from "#anchor/anchor-stack.ts";
import { launchRoleStack } from "#anchor/launch-role-stack.ts";
import { anchorRegionStack, targetRegionStack } from "#anchor/regional-stacks.ts";
import { targetStack } from "#anchor/target-stack.ts";
import { controlPlaneApp } from "#control-plane/control-plane.ts";
import { type LambdaBundles, lambdaNames } from "#control-plane/properties.ts";

export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
};
export type Template = {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
};

export const central = "101010101010";
export const anchor = "111111111111";
export const region = "us-east-1";
export const code = Object.fromEntries(
  lambdaNames.map((name, at) => [name, String(at).repeat(64)]),
) as Readonly<Record<(typeof lambdaNames)[number], string>>;

export const accounts = (count: number, from = 200_000_000_000): readonly string[] =>
  Array.from({ length: count }, (_, at) => String(from + at));

export function makeStacks(
  anchors: readonly string[] = [anchor],
): Readonly<
  Record<"control-plane" | "anchor" | "target" | "anchor-region" | "target-region" | "launch-roles", Stack>
> {
  const work = mkdtempSync(join(tmpdir(), "kedge-stacks-"));
  const own = (): App => new App({ outdir: join(work, "products"), analyticsReporting: false });
  const app = controlPlaneApp({
    outdir: join(work, "cdk.out"),
    lambdas: fakeBundles(work),
    estate: {
      ...{ central, region, retention: { artifactVersionsDays: 90, artifactVersionsCount: 5 } },
      anchors: anchors.map((account) => ({ account, region })),
    },
  });
  return {
    "control-plane": app.node.findChild("KedgeControlPlane") as Stack,
    anchor: anchorStack(own(), { code }),
    target: targetStack(own()),
    "anchor-region": anchorRegionStack(own()),
    "target-region": targetRegionStack(own()),
    "launch-roles": launchRoleStack(own()),
  };
}

function fakeBundles(work: string): LambdaBundles {
  mkdirSync(work, { recursive: true });
  return Object.fromEntries(
    lambdaNames.map((name) => {
      const zip = join(work, `${name}.zip`);
      writeFileSync(zip, name);
      return [name, { zip, digest: code[name] }];
    }),
  ) as LambdaBundles;
}

/** Returns the stack's template without writing an assembly. */
export const templateOf = (stack: Stack): Template =>
  stack.resolve((stack as unknown as { _toCloudFormation(): unknown })._toCloudFormation()) as Template;

type Situation = Readonly<Record<string, string | readonly string[]>>;

/**
 * Resolves the intrinsics that the templates use: Ref, GetAtt (to a readable text), Join, Split, Sub, Select
 * and If.
 */
export function resolveIn(template: Template, situation: Situation): Template["Resources"] {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [[key, argument] = ["", undefined]] = entries;
    if (entries.length === 1 && key in intrinsics) return intrinsics[key]?.(argument);
    return Object.fromEntries(entries.map(([name, child]) => [name, visit(child)]));
  };
  const intrinsics: Readonly<Record<string, (argument: unknown) => unknown>> = {
    // A list parameter without a value is empty, which is the default of such parameters.
    Ref: (name) =>
      situation[String(name)] ??
      (template.Parameters?.[String(name)]?.Type === "CommaDelimitedList" ? [] : `<${String(name)}>`),
    "Fn::GetAtt": (path) => `<${(path as readonly string[]).join(".")}>`,
    "Fn::Join": (argument) => {
      const [delimiter, items] = argument as readonly [string, unknown];
      return (visit(items) as readonly string[]).join(delimiter);
    },
    "Fn::Split": (argument) => {
      const [delimiter, text] = argument as readonly [string, unknown];
      return String(visit(text)).split(delimiter);
    },
    "Fn::Select": (argument) => {
      const [at, items] = argument as readonly [number, unknown];
      return (visit(items) as readonly unknown[])[at];
    },
    "Fn::Sub": (text) =>
      String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => String(situation[name] ?? `<${name}>`)),
    "Fn::If": (argument) => {
      const [condition, yes, no] = argument as readonly [string, unknown, unknown];
      return visit(situation[condition] === "true" ? yes : no);
    },
  };
  return visit(template.Resources) as Template["Resources"];
}

export const inAnchor = (targets: readonly string[]): Situation => ({
  "AWS::AccountId": anchor,
  "AWS::Region": region,
  "AWS::Partition": "aws",
  CentralAccount: central,
  ArtifactBucket: `kedge-artifacts-${central}-${region}`,
  RegistryBucket: `kedge-registry-${central}-${region}`,
  TargetAccounts: targets,
  AnchorAccount: anchor,
  AnchorRegion: region,
  CacheKeyArn: `arn:aws:kms:${region}:${anchor}:key/mrk-0123456789abcdef0123456789abcdef`,
});
