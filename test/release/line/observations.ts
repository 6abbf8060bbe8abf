/** Builds observations of one line from their differences. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { AppStack, Execution, Observation, PipelineStack, StageNow } from "#release/line/observation.ts";
import { planDigest } from "#release/plan/plan-limits.ts";
import { sam } from "#templates/sam/template.ts";
import { manifest, samRef, shop, shopTargets } from "#test/release/samples.ts";

const settings = { region: "us-east-1", cacheBucket: "kedge-cache-111111111111-us-east-1" };
export const plan = sam.plan({ line: shop, manifest, targets: shopTargets, settings, template: samRef });
export const digest = planDigest(plan);

export const artifact = (versionId: string, size = 1000) => ({
  bucket: "kedge-artifacts-101010101010-us-east-1",
  key: "111111111111/shop/main/latest.zip",
  versionId,
  size,
  etag: "e",
  lastModified: "2026-11-21T08:00:00.000Z",
});
export const tombstone = (versionId: string) => artifact(versionId, 0);

export const pipeline = (status: string, more: Partial<PipelineStack> = {}): PipelineStack => ({
  ...{ name: plan.pipeline, status },
  planDigest: digest,
  template: samRef,
  ...more,
});

export const execution = (
  id: string,
  status: Execution["status"],
  versionId?: string,
  stopReason?: string,
): Execution => ({
  id,
  status,
  ...(versionId !== undefined && { versionId }),
  ...(stopReason !== undefined && { stopReason }),
});

/** The pipeline's stages, with what differs in some of them. */
export const stages = (some: Partial<Record<string, Partial<StageNow>>> = {}): readonly StageNow[] =>
  plan.stages.map(({ name }) => ({
    name,
    inbound: { enabled: true },
    waiting: [],
    actions: [],
    ...some[name],
  }));

export const closed = (reason: string): readonly StageNow[] =>
  stages({ Package: { inbound: { enabled: false, reason } } });

/** An execution that waits in prod for its approver. */
export const approving = (id: string, waiting: readonly string[] = []): readonly StageNow[] =>
  stages({
    prod: {
      waiting,
      execution: { id, status: "InProgress" },
      actions: [
        { name: "Prepare", status: "Succeeded" },
        { name: "ChangeSet", status: "Succeeded" },
        { name: "Approve", status: "InProgress" },
        { name: "Execute" },
      ],
    },
  });

/** An execution at work in dev. */
export const deploying = (id: string): readonly StageNow[] =>
  stages({
    dev: { execution: { id, status: "InProgress" }, actions: [{ name: "Execute", status: "InProgress" }] },
  });

export const appStacks = (...statuses: readonly (string | undefined)[]): readonly AppStack[] =>
  ["dev", "qa", "prod"].map((environment, index) => ({
    environment,
    name: `kedge-app-${environment}`,
    level: 0,
    ...(statuses[index] !== undefined && { status: statuses[index] }),
  }));

export const planned = (versionId: string, as = digest): NonNullable<Observation["dispatch"]> => ({
  ok: true,
  plan,
  digest: as,
  naming: "short",
  release: {
    schema: 1,
    line: shop,
    artifact: artifact(versionId),
    template: samRef,
    manifest,
    targets: shopTargets,
    provided: {},
  },
});

export const rejected: NonNullable<Observation["dispatch"]> = {
  ok: false,
  error: new ReleaseError("NotAZip", "The object begins with 3c 68 74 6d; a zip begins with 50 4b 03 04."),
};

export const observation = (seen: Partial<Observation>): Observation => ({
  at: "2026-11-21T08:30:00.000Z",
  line: shop,
  region: "us-east-1",
  message: { cause: "upload", id: "m1" },
  tombstone: { allowed: true, reason: "" },
  supersedePendingApproval: true,
  executions: [],
  stages: [],
  ...seen,
});

export const because = (cause: Observation["message"]["cause"], id = "m1") => ({ message: { cause, id } });
