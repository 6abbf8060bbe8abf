/** The proposals of an estate and of release templates by the administrator of the central account, in a simulated cloud. */
import type { EstateProposals, PublicationAnswer } from "#ports/estate-proposals.ts";
import type { ModuleAnswer, TemplateProposals } from "#ports/template-proposals.ts";
import { functions, registryBucket } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { DeployedFunction } from "./base.ts";
import type { SimulatedCloud } from "./cloud.ts";

/** `run` invokes the function in a sandbox: the simulated Lambda service runs no function by itself. */
export function rootProposals(
  cloud: Pick<SimulatedCloud, "ask">,
  { central, region }: { readonly central: string; readonly region: string },
  run: (event: { readonly digest: string }) => Promise<unknown>,
): EstateProposals {
  const Bucket = registryBucket(central, region);
  const keyOf = (base: string, digest: string): string =>
    `${registryKeys.proposals(base, digest)}principal/${central}`;
  return {
    live: async () => {
      const Prefix = registryKeys.estate;
      const { Versions = [] } = await cloud.ask<{ Versions?: readonly { VersionId: string }[] }>(
        ...([central, "s3", "ListObjectVersions", { Bucket, Prefix }] as const),
      );
      const [newest] = Versions;
      return newest && { text: "", version: newest.VersionId, etag: undefined };
    },
    sign: async (base, digest, text) => {
      const order = { Bucket, Key: keyOf(base, digest), Body: Buffer.from(text) };
      await cloud.ask(central, "s3", "PutObject", order);
    },
    signed: async () => undefined,
    waiting: async () => [],
    publish: async (digest) => (await run({ digest })) as PublicationAnswer,
  };
}

export function rootModules(
  cloud: Pick<SimulatedCloud, "ask">,
  { central, region }: { readonly central: string; readonly region: string },
  run: (event: { readonly template: TemplateRef }) => Promise<unknown>,
): TemplateProposals {
  return {
    sign: async (ref, module) => {
      const Key = `${registryKeys.moduleProposals(ref)}principal/${central}`;
      const order = { Bucket: registryBucket(central, region), Key, Body: Buffer.from(module) };
      await cloud.ask(central, "s3", "PutObject", order);
    },
    publish: async (template) => (await run({ template })) as ModuleAnswer,
  };
}

export function publishFunction(
  functionsThere: readonly DeployedFunction[],
  central: string,
): DeployedFunction {
  const found = functionsThere.find(({ name, account }) => name === functions.publish && account === central);
  if (found !== undefined) return found;
  throw new TypeError(`There is no function ${functions.publish} in ${central}.`);
}
