/** Tests the publication of modules of release templates, over the registry in memory. */
import { describe, expect, it } from "vitest";
import { publishModule } from "#journey/publish-module.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { moduleOf, refOf } from "#test/contracts/template-registry.ts";
import { memoryEstateRegistry } from "#test/support/fakes/estate-registry.ts";
import { memoryTemplatePublication } from "#test/support/fakes/template-publication.ts";
import { memoryTemplateRegistry } from "#test/support/fakes/template-registry.ts";

const module = moduleOf("tiny", "1.0.0");
const ref = refOf("tiny", "1.0.0", module);

async function open({ withEstate = true }: { readonly withEstate?: boolean } = {}) {
  const registry = memoryTemplateRegistry();
  const { modules, proposalsOf } = memoryTemplatePublication(registry);
  const { publication } = memoryEstateRegistry();
  if (withEstate) await publication.replace({ text: "x", live: undefined, people: [] });
  const publish = (order: Readonly<Record<string, unknown>>) =>
    publishModule({ modules, publication }, order);
  return { registry, modules, publish, as: (userId: string) => proposalsOf(userId, publish) };
}

describe("publishModule", () => {
  it("publishes the module of one person, and confirms it with the signature of a second one", async () => {
    const { registry, modules, publish, as } = await open();
    await as("AIDAALICE").sign(ref, module);
    expect(await publish(ref)).toEqual({ state: "published", confirmed: false });
    expect(await registry.confirmed(ref)).toBe(false);
    await as("AIDABOB").sign(ref, module);
    expect(await publish(ref)).toEqual({ state: "published", confirmed: true });
    expect(await registry.confirmed(ref)).toBe(true);
    expect((await modules.record(ref))?.people).toHaveLength(2);
  });

  it("counts the sessions of one role as one person", async () => {
    const { publish, as } = await open();
    for (const session of ["one", "two"]) await as(`AROAX:${session}`).sign(ref, module);
    expect(await publish(ref)).toEqual({ state: "published", confirmed: false });
  });

  it("counts no signature whose bytes have another digest", async () => {
    const { publish, as } = await open();
    await as("AIDAALICE").sign(ref, module);
    await as("AIDABOB").sign(ref, moduleOf("tiny", "1.0.0", "globalThis.intruder = true;"));
    expect(await publish(ref)).toEqual({ state: "published", confirmed: false });
  });

  it("needs no second person before the first estate, because no environment has a gate", async () => {
    const { publish, as } = await open({ withEstate: false });
    await as("AIDAALICE").sign(ref, module);
    expect(await publish(ref)).toEqual({ state: "published", confirmed: true });
  });

  it("answers that a module without proposals is missing, and keeps a module that is published", async () => {
    const { registry, publish } = await open();
    expect(await publish(ref)).toEqual({ state: "missing" });
    const key = registryKeys.template(ref.name, ref.version, ref.sha256);
    registry.objects.set(key, module);
    expect(await publish(ref)).toEqual({ state: "published", confirmed: true });
    registry.confirmations.set(key, false); // its proposals have expired
    expect(await publish(ref)).toEqual({ state: "published", confirmed: false });
  });

  it.each([
    ["no name", { version: "1.0.0", sha256: ref.sha256 }],
    ["a name with a slash", { ...ref, name: "tiny/../../estate" }],
    ["a version with a slash", { ...ref, version: "1.0.0/x" }],
    ["a short digest", { ...ref, sha256: "abc" }],
  ])("refuses an order with %s", async (_, order) => {
    const { publish } = await open();
    expect((await publish(order)).state).toBe("refused");
  });
});
