/** Tests the use cases of release templates, over the registry in memory. */
import { describe, expect, it } from "vitest";
import { reconcileRequest } from "#journey/event.ts";
import { publishModule } from "#journey/publish-module.ts";
import {
  confirmTemplate,
  templateToConfirm,
  unconfirmedTemplates,
} from "#operate/templates/confirm-template.ts";
import { templateImpact } from "#operate/templates/impact.ts";
import { publishTemplate } from "#operate/templates/publish-template.ts";
import { rollBack } from "#operate/templates/roll-back.ts";
import { rollOut } from "#operate/templates/roll-out.ts";
import { describeTemplate } from "#operate/templates/show-template.ts";
import { endTrial, tryTemplate } from "#operate/templates/try-template.ts";
import { withdrawTemplate } from "#operate/templates/withdraw-template.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { Wave } from "#release/template/template-index.ts";
import { withVersion } from "#release/template/template-publish.ts";
import { withWithdrawal } from "#release/template/withdrawn.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { moduleOf, publicationOf, refOf } from "#test/contracts/template-registry.ts";
import { codeOf, shop } from "#test/release/samples.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { fakeTime, memoryIntake } from "#test/support/fakes/operators.ts";
import { memoryArtifacts, memoryResults } from "#test/support/fakes/storage.ts";
import { memoryTemplatePublication } from "#test/support/fakes/template-publication.ts";
import { memoryTemplateRegistry } from "#test/support/fakes/template-registry.ts";
import { operateCodeOf } from "./operate-code.ts";
import { releasedWith, resultOf, writeResult } from "./results.ts";

const branches = ["a", "b"];
const lines: readonly Line[] = branches.map((branch) => ({ ...shop, branch }));
const [first, second] = lines as readonly [Line, Line];
const settings = { type: "object", properties: {}, additionalProperties: false };
const old = refOf("tiny", "1.0.0", moduleOf("tiny", "1.0.0"));
const next = refOf("tiny", "1.1.0", moduleOf("tiny", "1.1.0"));

/** Two live lines that were released with 1.0.0. Version 1.1.0 is published and moves none of them yet. */
async function open(onWait: (deps: Awaited<ReturnType<typeof open>>) => void = () => undefined) {
  const registry = memoryTemplateRegistry();
  for (const ref of [old, next]) {
    await registry.put(ref, moduleOf(ref.name, ref.version), settings);
    await registry.change((index) => withVersion(index, publicationOf(ref)));
  }
  const artifacts = memoryArtifacts();
  const results = memoryResults();
  for (const line of lines) {
    artifacts.upload(formatKey(line), writeZip([{ name: "tiny.json", content: "{}" }]));
    await writeResult(results, line, releasedWith(line, old));
  }
  const folders = { has: async () => false, bundle: async () => ({ rejected: "no folders here" }) };
  const estate = { load: async () => fakeEstate };
  const time = fakeTime(() => onWait(deps));
  const person = async () => "person-1";
  const { as, modules } = proposalsIn(registry);
  const deps = {
    ...{ registry, artifacts, results, folders, estate, person, as, modules, intake: memoryIntake() },
    ...time,
  };
  return deps;
}

/** The registry has an estate, so a version needs two people. */
function proposalsIn(registry: ReturnType<typeof memoryTemplateRegistry>) {
  const { modules, proposalsOf } = memoryTemplatePublication(registry);
  const live = async () => ({ text: "", version: "v", etag: undefined });
  const as = (userId: string) =>
    proposalsOf(userId, (wanted) => publishModule({ modules, publication: { live } }, wanted));
  return { as, modules: as("AIDAALICE") };
}

type Deps = Awaited<ReturnType<typeof open>>;

/** Replaces a published version's module with an intruder's. */
const swapModule = ({ registry }: Deps, ref: TemplateRef): void =>
  void registry.objects.set(
    registryKeys.template(ref.name, ref.version, ref.sha256),
    moduleOf(ref.name, ref.version, "globalThis.intruder = true;"),
  );

describe("describeTemplate", () => {
  it("describes the highest version with its settings", async () => {
    const found = await describeTemplate(await open(), "tiny");
    expect(found).toMatchObject({ version: "1.1.0", summary: "A small template.", settings });
  });

  it("rejects a module whose bytes differ from its digest", async () => {
    const deps = await open();
    swapModule(deps, next);
    expect(await codeOf(() => describeTemplate(deps, "tiny@1.1.0"))).toBe("TemplateUnavailable");
    expect("intruder" in globalThis).toBe(false);
  });
});

describe("templateImpact", () => {
  it("rejects a candidate whose bytes differ from its digest", async () => {
    const deps = await open();
    swapModule(deps, next);
    expect(await codeOf(() => templateImpact(deps, "tiny@1.1.0"))).toBe("TemplateUnavailable");
    expect("intruder" in globalThis).toBe(false);
  });

  it("rejects a line's own version whose bytes differ from its digest", async () => {
    const deps = await open();
    swapModule(deps, old);
    expect(await codeOf(() => templateImpact(deps, "tiny@1.1.0"))).toBe("TemplateUnavailable");
  });

  it("returns one impact for each live line and reports the progress", async () => {
    const deps = await open();
    deps.artifacts.upload(formatKey({ ...shop, branch: "gone" }), new Uint8Array());
    const progress: string[] = [];
    const { impacts, ref } = await templateImpact(deps, "tiny", (done, all) =>
      progress.push(`${done}/${all}`),
    );
    expect(ref).toEqual(next);
    expect(impacts.map(({ line }) => line)).toEqual(lines);
    expect(progress).toEqual(["1/2", "2/2"]);
  });
});

describe("rollOut", () => {
  const order = { wanted: "tiny@1.1.0", pollMs: 1000, timeoutMs: 60_000 };
  const waves: readonly Wave[] = [
    { name: "first", lines: { branches: ["a"] } },
    { name: "the rest", lines: {} },
  ];
  /** Acts like a reconciliation: the line gets the version that the registry gives it. */
  const reconcile =
    (status: "released" | "failed") =>
    ({ intake, results }: Deps): void => {
      for (const body of intake.bodies.splice(0)) {
        const line = lines.find((each) => reconcileRequest(each) === body);
        if (line) void writeResult(results, line, resultOf(line, status, { template: next }));
      }
    };

  it("moves the lines wave by wave and makes the version current", async () => {
    const deps = await open(reconcile("released"));
    const seen: string[] = [];
    const ended = await rollOut(deps, { ...order, waves }, ({ wave, done, of }) =>
      seen.push(`${wave} ${done}/${of}`),
    );
    expect(ended.state).toBe("done");
    expect(seen).toEqual(["first 0/1", "first 1/1", "the rest 1/2", "the rest 2/2"]);
    expect((await deps.registry.index()).templates).toEqual([next]);
  });

  it("halts at the first line that fails and begins no further wave", async () => {
    const ended = await rollOut(await open(reconcile("failed")), { ...order, waves });
    expect(ended).toMatchObject({ state: "halted", begun: 1 });
    expect(ended.why).toContain(`${first.account}/${first.app}/a: `);
  });

  it("goes on past a line that was broken before it began, and names the line", async () => {
    const deps = await open(reconcile("failed"));
    await writeResult(deps.results, first, resultOf(first, "failed", { template: old }));
    const broken: number[] = [];
    const one = [{ name: "first", lines: { branches: ["a"] } }];
    const ended = await rollOut(deps, { ...order, waves: one }, (progress) => broken.push(progress.broken));
    expect(ended).toMatchObject({ state: "done", brokenBefore: [first] });
    expect(broken).toEqual([1]);
    expect(deps.intake.bodies).toEqual([reconcileRequest(first)]);
  });

  it("halts when its version is withdrawn meanwhile", async () => {
    const deps = await open();
    await operateCodeOf(() => rollOut(deps, { ...order, waves }));
    await withdrawTemplate(deps, { wanted: "tiny@1.1.0", reason: "A hole." });
    const ended = await rollOut(deps, { ...order, waves });
    expect(ended).toMatchObject({ state: "halted" });
    expect(ended.why).toContain("tiny@1.1.0 was withdrawn on");
  });

  it("throws RolloutTimedOut and continues where it was when it is run again", async () => {
    const deps = await open();
    expect(await operateCodeOf(() => rollOut(deps, { ...order, waves }))).toBe("RolloutTimedOut");
    for (const line of lines) await writeResult(deps.results, line, releasedWith(line, next));
    expect(await rollOut(deps, { ...order, wanted: "tiny", waves: [] })).toMatchObject({
      state: "done",
      waves,
    });
  });

  it("throws RolloutRunning for another version while one is moving", async () => {
    const deps = await open();
    await operateCodeOf(() => rollOut(deps, { ...order, waves }));
    const other = { ...order, wanted: "tiny@1.0.0", waves };
    expect(await operateCodeOf(() => rollOut(deps, other))).toBe("RolloutRunning");
  });

  it("counts a line that waits for approval as done", async () => {
    const deps = await open();
    for (const line of lines)
      await writeResult(deps.results, line, resultOf(line, "waiting-for-approval", { template: next }));
    let approvals = 0;
    const all = [{ name: "all lines", lines: {} }];
    await rollOut(deps, { ...order, waves: all }, (progress) => (approvals = progress.approvals));
    expect(approvals).toBe(2);
  });

  it("is taken back: the previous version is current and the lines are reconciled", async () => {
    const deps = await open(reconcile("failed"));
    await rollOut(deps, { ...order, waves });
    const { rollout, lines: moved } = await rollBack(deps, "tiny");
    expect([rollout.from, moved]).toEqual([old, 2]);
    expect((await deps.registry.index()).templates).toEqual([old]);
    expect(deps.intake.bodies).toEqual(lines.map(reconcileRequest));
    expect(await operateCodeOf(() => rollBack(deps, "tiny"))).toBe("RolloutMissing");
  });
});

describe("withdrawTemplate", () => {
  it("lists the lines that have the version, and moves none of them", async () => {
    const deps = await open();
    const withdrawn = await withdrawTemplate(deps, { wanted: "tiny@1.0.0", reason: "A hole." });
    expect(withdrawn).toMatchObject({ withdrawal: { reason: "A hole." }, instead: next, lines });
    expect(deps.intake.bodies).toEqual([]);
    expect((await describeTemplate(deps, "tiny@1.0.0")).withdrawn).toMatchObject({
      ...{ reason: "A hole.", instead: "1.1.0" },
      lines,
    });
    expect((await describeTemplate(deps, "tiny@1.1.0")).withdrawn).toBeUndefined();
  });

  it("may be repeated, and keeps the first date and the last reason", async () => {
    const deps = await open();
    const { withdrawal } = await withdrawTemplate(deps, { wanted: "tiny@1.0.0" });
    expect(withdrawal.reason).toBe("no reason was given.");
    await withdrawTemplate(deps, { wanted: "tiny@1.0.0", reason: "A hole." });
    await withdrawTemplate(deps, { wanted: "tiny@1.0.0" });
    expect((await deps.registry.index()).withdrawn).toEqual([{ ...withdrawal, reason: "A hole." }]);
  });

  it("asks for the version", async () => {
    const deps = await open();
    expect(await operateCodeOf(() => withdrawTemplate(deps, { wanted: "tiny" }))).toBe("VersionMissing");
    expect(await codeOf(() => withdrawTemplate(deps, { wanted: "tiny@9.0.0" }))).toBe("TemplateUnavailable");
  });

  it("forbids a trial of the version", async () => {
    const deps = await open();
    await withdrawTemplate(deps, { wanted: "tiny@1.1.0" });
    const order = { wanted: "tiny@1.1.0", line: first };
    expect(await codeOf(() => tryTemplate(deps, order))).toBe("TemplateWithdrawn");
  });
});

describe("tryTemplate", () => {
  it("gives one line the version until the trial is ended", async () => {
    const deps = await open();
    expect(await tryTemplate(deps, { wanted: "tiny@1.1.0", line: second })).toMatchObject(next);
    expect((await deps.registry.index()).trials).toEqual([{ line: second, template: next }]);
    await endTrial(deps, { name: "tiny", line: second });
    expect((await deps.registry.index()).trials).toEqual([]);
    expect(deps.intake.bodies).toEqual([reconcileRequest(second), reconcileRequest(second)]);
  });

  it("throws AccountUnknown for a line of an account that is no anchor", async () => {
    const deps = await open();
    const line = { ...second, account: "101010101010" };
    expect(await codeOf(() => tryTemplate(deps, { wanted: "tiny@1.1.0", line }))).toBe("AccountUnknown");
    expect(await codeOf(() => endTrial(deps, { name: "tiny", line }))).toBe("AccountUnknown");
  });
});

describe("publishTemplate", () => {
  const bundle = (version: string) => async () => {
    const module = moduleOf("tiny", version);
    const ref = refOf("tiny", version, module);
    const registry = memoryTemplateRegistry();
    await registry.put(ref, module, settings);
    return { module, loaded: await registry.load(ref) };
  };
  const order = { folder: "tiny", changelog: "next", draft: false };

  it("publishes a version that no line has before a rollout", async () => {
    const deps = { ...(await open()), folders: { bundle: bundle("1.2.0") } };
    const { ref, current } = await publishTemplate(deps, order);
    expect([ref.version, current]).toEqual(["1.2.0", false]);
    expect(await codeOf(() => deps.registry.load(ref))).toBe("TemplateUnconfirmed");
  });

  it("makes the first version of a name current when a second person has confirmed it", async () => {
    const registry = memoryTemplateRegistry();
    const folders = { bundle: bundle("1.0.0") };
    const { as, modules } = proposalsIn(registry);
    const deps = { registry, modules, folders, person: async () => "person-1", ...fakeTime() };
    expect(await publishTemplate(deps, order)).toMatchObject({ current: false, confirmed: false });
    expect((await registry.index()).templates).toEqual([]);
    const version = await templateToConfirm(deps, "tiny@1.0.0");
    await confirmTemplate({ registry, modules: as("AIDABOB") }, version);
    expect((await registry.index()).templates).toMatchObject([{ name: "tiny", version: "1.0.0" }]);
    expect(await publishTemplate(deps, order)).toMatchObject({ current: true, confirmed: true });
    const publishers = [{ name: "tiny", version: "1.0.0", person: "person-1" }];
    expect((await registry.index()).publishers).toEqual(publishers);
  });

  it("waits for a second person, and counts the same person once", async () => {
    const deps = { ...(await open()), folders: { bundle: bundle("1.2.0") } };
    const { ref, confirmed } = await publishTemplate(deps, order);
    expect([confirmed, await deps.registry.confirmed(ref)]).toEqual([false, false]);
    expect((await unconfirmedTemplates(deps)).map(({ version }) => version)).toEqual(["1.2.0"]);
    const rollout = { wanted: "tiny@1.2.0", waves: [], pollMs: 1000, timeoutMs: 60_000 };
    expect(await operateCodeOf(() => rollOut(deps, rollout))).toBe("TemplateWaits");
    const trial = { wanted: "tiny@1.2.0", line: first };
    expect(await operateCodeOf(() => tryTemplate(deps, trial))).toBe("TemplateWaits");
    expect(await operateCodeOf(() => templateToConfirm(deps, "tiny"))).toBe("VersionMissing");
    const version = await templateToConfirm(deps, "tiny@1.2.0");
    expect(await operateCodeOf(() => confirmTemplate(deps, version))).toBe("TemplateWaits");
    await confirmTemplate({ ...deps, modules: deps.as("AIDABOB") }, version);
    expect(await deps.registry.confirmed(ref)).toBe(true);
    expect(await unconfirmedTemplates(deps)).toEqual([]);
  });

  it("leaves withdrawn versions out of those that wait", async () => {
    const deps = { ...(await open()), folders: { bundle: bundle("1.2.0") } };
    await publishTemplate(deps, order);
    await withdrawTemplate(deps, { wanted: "tiny@1.2.0", reason: "A hole." });
    expect(await unconfirmedTemplates(deps)).toEqual([]);
  });

  it("says that a published version is withdrawn", async () => {
    const deps = { ...(await open()), folders: { bundle: bundle("1.2.0") } };
    await publishTemplate(deps, order);
    const withdrawn = { name: "tiny", version: "1.2.0", withdrawnAt: "2026-02-01", reason: "A hole." };
    await deps.registry.change((index) => withWithdrawal(index, withdrawn));
    expect((await publishTemplate(deps, order)).withdrawn).toEqual(withdrawn);
  });

  it.each([
    ["a prerelease version that is no draft", "1.2.0-draft.1", false],
    ["a draft without a prerelease version", "1.2.0", true],
  ])("rejects %s", async (_, version, draft) => {
    const deps = { ...(await open()), folders: { bundle: bundle(version) } };
    expect(await operateCodeOf(() => publishTemplate(deps, { ...order, draft }))).toBe("DraftVersion");
  });

  it("rejects a folder that cannot be bundled", async () => {
    const deps = await open();
    expect(await operateCodeOf(() => publishTemplate(deps, order))).toBe("TemplateRefused");
  });
});
