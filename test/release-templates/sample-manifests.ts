/** What a manifest has to say for a release template to plan at all, where that is more than the usual one. */
import type { Manifest } from "#release/artifact/manifest.ts";
import { noTraits } from "#release/traits/traits.ts";
import { manifest } from "#test/release/samples.ts";

const stacks = [
  {
    id: "data",
    name: "Data",
    stackName: "Data",
    folder: "cdk.out/",
    path: "cdk.out/Data.template.json",
    assets: [],
    level: 0,
    after: [],
  },
];

const special: Readonly<Record<string, Partial<Manifest>>> = {
  cdk: { facts: { stacks } },
  custom: { traits: { ...noTraits, settings: { function: "mainframe" } } },
  "database-migration": {
    traits: { ...noTraits, everywhere: { ...noTraits.everywhere, migrations: { function: "mainframe" } } },
  },
  "ecs-service": {
    facts: { image: `111111111111.dkr.ecr.us-east-1.amazonaws.com/orders@sha256:${"0".repeat(64)}` },
    traits: { ...noTraits, settings: { port: 8080, subnets: ["subnet-0"], securityGroups: ["sg-0"] } },
  },
  kubernetes: {
    facts: { kind: "manifests", files: ["manifests/deployment.yaml"] },
    traits: { ...noTraits, settings: { cluster: "shop" } },
  },
  terraform: { facts: { directory: ".", varFiles: {}, providers: ["hashicorp/aws"], reaches: [] } },
};

/** Of the shop, for the template of this name. */
export const sampleManifest = (template: string): Manifest => ({ ...manifest, ...special[template] });
