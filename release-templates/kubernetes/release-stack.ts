/** The stack of a release to a cluster: its builds, and their way into one namespace of it. */

import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import {
  allow,
  attribute,
  buildStack,
  handedFolder,
  ref,
  sourceVersion,
  sub,
} from "#release/stack/build-stack.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import { undoSpec } from "./buildspecs.ts";
import { allOf, type Content, ownOf } from "./content.ts";
import type { Settings } from "./settings.ts";

const clusterParameter = "/kedge/eks/cluster";
const defaultImage = "docker.io/alpine/k8s:1.33.4";
/** The chart's values for the environment. */
export const givenValues = ".kedge/values.yaml";
const longestRelease = 53; // Helm's

type ReleaseStack = Pick<ConfigurationRequest, "release" | "target" | "assetVersions"> & {
  readonly settings: Settings;
  readonly location: string;
};

export const namespaceOf = ({ namespace }: Settings, { environment }: Target): string =>
  namespace ?? environment;

/** The line's name, which ends in its hash, within Helm's length limit. */
export function releaseName(line: Line): string {
  const name = lineName(line);
  if (name.length <= longestRelease) return name;
  const hash = name.slice(name.lastIndexOf("-"));
  return `${name.slice(0, longestRelease - hash.length).replace(/-+$/, "")}${hash}`;
}

export const contentIn = (facts: PlainObject): Content => facts as unknown as Content;

export function releaseStack(given: ReleaseStack): TemplateDocument {
  const { release, target, settings, location } = given;
  const content = contentIn(release.manifest.facts);
  const namespace = namespaceOf(settings, target);
  return buildStack({
    description: "A release to a Kubernetes cluster by Kedge: its builds, and its end",
    line: release.line,
    target,
    location,
    version: sourceVersion(location, given),
    image: settings.image ?? defaultImage,
    compute: "BUILD_GENERAL1_SMALL",
    variables: {
      CLUSTER: ref("Cluster"),
      NAMESPACE: namespace,
      RELEASE: releaseName(release.line),
      TIMEOUT: `${settings.timeout ?? 10}m`,
      ...wordsOf(content, target),
    },
    secrets: [],
    statements: [allow(["eks:DescribeCluster"], [clusterArn])],
    undo: undoSpec(content.kind),
    parameters: { Cluster: cluster(settings) },
    resources: { Entry: entry(namespace, settings) },
    outputs: {
      Cluster: { Value: ref("Cluster") },
      Namespace: { Value: namespace },
      Release: { Value: releaseName(release.line) },
    },
  });
}

const clusterArn = sub("arn:aws:eks:${AWS::Region}:${AWS::AccountId}:cluster/${Cluster}");

/** CloudFormation asks the parameter store of the target for it, before it changes anything. */
const cluster = ({ cluster: given }: Settings): PlainObject =>
  given === undefined
    ? { Type: "AWS::SSM::Parameter::Value<String>", Default: clusterParameter }
    : { Type: "String", Default: given };

/** Paths from the folder of the artifact's files, where builds work. */
function wordsOf(content: Content, target: Target): Readonly<Record<string, string>> {
  if (content.kind === "helm") {
    const files = [...allOf(content.values, target), `../${givenValues}`];
    return { CHART: content.chart, VALUES: files.map((file) => `--values ${file}`).join(" ") };
  }
  if (content.kind === "manifests") return { OBJECTS: content.files.map((file) => `-f ${file}`).join(" ") };
  return { OBJECTS: `-k ${ownOf(content.overlays, target) ?? content.folder}` };
}

/** The same for the EKS action, which works in the root folder of its input. */
export const actionValues = (
  { values }: Extract<Content, { kind: "helm" }>,
  target: Target,
): readonly string[] => [...allOf(values, target).map((file) => handedFolder + file), givenValues];

const entry = (namespace: string, { access = "edit" }: Settings): PlainObject => ({
  Type: "AWS::EKS::AccessEntry",
  Properties: {
    ClusterName: ref("Cluster"),
    PrincipalArn: attribute("Role", "Arn"),
    AccessPolicies: [
      {
        PolicyArn: `arn:aws:eks::aws:cluster-access-policy/${access === "edit" ? "AmazonEKSEditPolicy" : "AmazonEKSAdminPolicy"}`,
        AccessScope: { Type: "namespace", Namespaces: [namespace] },
      },
    ],
  },
});

/** `image.tag` becomes a tag in image, as Helm's own `--set` has it. Throws `ParametersMalformed` for contradictions. */
export function nested(values: Readonly<Record<string, string>>): PlainObject {
  type Tree = { [key: string]: string | Tree };
  const tree: Tree = {};
  for (const [name, value] of Object.entries(values)) {
    const steps = name.split(".");
    const last = steps.pop() ?? "";
    let at = tree;
    for (const step of steps) {
      const inner = at[step] ?? {};
      if (typeof inner === "string") throw contradiction(name);
      at[step] = inner;
      at = inner;
    }
    if (at[last] !== undefined) throw contradiction(name);
    at[last] = value;
  }
  return tree;
}

const contradiction = (name: string): ReleaseError =>
  new ReleaseError("ParametersMalformed", `The parameter ${name} is both a value and a group of values.`);
