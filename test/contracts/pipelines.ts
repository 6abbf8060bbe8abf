/**
 * The contract of pipeline stacks and executions together, because a stack creates the pipeline that the
 * executions belong to.
 */
import { describe, expect, it } from "vitest";
import type { Executions } from "#ports/executions.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineInput, PipelineStacks } from "#ports/pipeline-stacks.ts";
import { cacheKeys, lineName, pipelineName } from "#release/names/names.ts";

export type PipelinesSubject = AsyncDisposable & {
  readonly stacks: PipelineStacks;
  readonly executions: Executions;
  readonly cache: LineCache;
  /** A pipeline of two stages: the line's bundle, then an approval that waits. */
  readonly template: string;
  /** Waits until all changes in progress have ended. */
  readonly settle: () => Promise<void>;
};

const line = { account: "111111111111", app: "shop", branch: "main" };
const name = pipelineName(line);
const releaseTemplate = { name: "sam", version: "1.0.0", sha256: "a".repeat(64) };
const stages = ["Source", "dev"];

export function pipelinesContract(where: string, open: () => Promise<PipelinesSubject>): void {
  const input = ({ template }: PipelinesSubject, over: Partial<PipelineInput> = {}): PipelineInput => ({
    line,
    name,
    template,
    planDigest: "digest-1",
    releaseTemplate,
    tags: { "kedge:app": "shop" },
    token: "token-1",
    ...over,
  });
  const put = ({ cache }: PipelinesSubject, version: string) =>
    cache.put(cacheKeys.bundle(lineName(line)), Buffer.from("PK bundle"), version);
  const created = async (): Promise<PipelinesSubject> => {
    const subject = await open();
    await put(subject, "version-1");
    await subject.stacks.create(input(subject));
    await subject.settle();
    return subject;
  };

  describe(`pipelines in ${where}`, () => {
    it("is absent before it is created, and after it is removed", async () => {
      await using subject = await open();
      expect(await subject.stacks.describe(name)).toBeUndefined();
      expect(await subject.executions.list(name)).toEqual([]);
      expect(await subject.executions.stages(name)).toEqual([]);
      await put(subject, "version-1");
      await subject.stacks.create(input(subject));
      await subject.settle();
      await subject.stacks.remove(name, "token-9");
      await subject.settle();
      expect(await subject.stacks.describe(name)).toBeUndefined();
      expect(await subject.executions.list(name)).toEqual([]);
    });

    it("says what it was created from, and starts by itself on the newest bundle", async () => {
      await using subject = await created();
      await subject.stacks.create(input(subject)); // repeats the call
      expect(await subject.stacks.describe(name)).toMatchObject({
        status: "CREATE_COMPLETE",
        planDigest: "digest-1",
        template: releaseTemplate,
      });
      expect(await subject.executions.list(name)).toMatchObject([
        { status: "InProgress", versionId: "version-1" },
      ]);
      const seen = await subject.executions.stages(name);
      expect(seen.map((stage) => stage.name)).toEqual(stages);
      expect(seen[1]).toMatchObject({
        inbound: { enabled: true },
        execution: { status: "InProgress" },
        actions: [{ name: "Approve", status: "InProgress" }],
      });
    });

    it("is started on an older bundle on request, once for each token", async () => {
      await using subject = await created();
      const older = await put(subject, "version-2");
      await put(subject, "version-3");
      for (let calls = 0; calls < 2; calls += 1)
        await subject.executions.start({ pipeline: name, bundle: older, token: "start-2" });
      await subject.settle();
      const [newest, ...others] = await subject.executions.list(name);
      expect(newest?.versionId).toBe("version-2");
      expect(others).toHaveLength(1);
      const waiting = (await subject.executions.stages(name))[1]?.waiting;
      expect(waiting).toEqual([newest?.id]);
    });

    it("lists the runs of actions in order of time", async () => {
      await using subject = await created();
      const [{ id } = { id: "" }] = await subject.executions.list(name);
      expect((await subject.executions.actions(name, id)).slice(0, 1)).toMatchObject([
        { stage: "Source", action: "Source", status: "Succeeded" },
      ]);
    });

    it("stops an execution with a reason that can be read back, and leaves an ended one alone", async () => {
      await using subject = await created();
      const [{ id } = { id: "" }] = await subject.executions.list(name);
      await subject.executions.stop(name, id, "kedge teardown 1");
      await subject.settle();
      await subject.executions.stop(name, id, "kedge teardown 2");
      expect(await subject.executions.list(name)).toMatchObject([
        { id, status: "Stopped", stopReason: "kedge teardown 1" },
      ]);
    });

    it("keeps a transition disabled, with the reason, until it is enabled", async () => {
      await using subject = await created();
      await subject.executions.disableTransition(name, "dev", "kedge teardown 1");
      expect((await subject.executions.stages(name))[1]?.inbound).toEqual({
        enabled: false,
        reason: "kedge teardown 1",
      });
      await subject.executions.enableTransition(name, "dev");
      expect((await subject.executions.stages(name))[1]?.inbound.enabled).toBe(true);
    });

    it("is updated to another plan, which ends the running execution", async () => {
      await using subject = await created();
      const template = subject.template.replaceAll("A description", "Another description");
      await subject.stacks.update(input(subject, { template, planDigest: "digest-2", token: "token-2" }));
      await subject.settle();
      expect(await subject.stacks.describe(name)).toMatchObject({
        status: "UPDATE_COMPLETE",
        planDigest: "digest-2",
      });
      expect(await subject.executions.list(name)).toMatchObject([{ status: "Cancelled" }]);
    });
  });
}
