/** Tests the comparison of uploader, author and approver after an approval, on identities that AWS recorded. */
import { describe, expect, it } from "vitest";
import { compareDuties } from "#journey/execute-cleared.ts";
import type { WorkerJob } from "#journey/job.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import type { ActionRun } from "#release/line/observation.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { authorNamed, personOf } from "#release/people/person.ts";
import { resultOf } from "#test/operate/results.ts";
import { errorOf } from "#test/release/samples.ts";
import { job, line, pipelineFixture } from "./pipeline-fixture.ts";

const ciRoleId = "AROACIEXAMPLE";
const approver = (name: string) => `arn:aws:sts::111111111111:assumed-role/kedge-approver/${name}`;

type Situation = {
  /** As S3 tells it; undefined: no record. */
  readonly uploader?: { readonly role: string; readonly name: string };
  readonly author?: string;
  /** The ARN that CodePipeline tells. */
  readonly decider?: string;
  readonly duties?: "uploaders" | "authors";
  readonly pinned?: { readonly uploaders: boolean; readonly people: boolean };
};

const usual = { uploader: { role: ciRoleId, name: "orders-ci" }, decider: approver("bob") };

async function compared(situation: Situation): Promise<void> {
  const { uploader, author, decider, duties, pinned = { uploaders: true, people: true } } = situation;
  const deps = {
    ...(await pipelineFixture({
      "template.yaml": JSON.stringify({ Resources: { T: { Type: "AWS::SNS::Topic" } } }),
    })),
    pinned: { ciRoleId, ...pinned },
  };
  const { account } = line;
  const by = uploader && {
    id: await deps.people.record(account, personOf({ kind: "session", ...uploader })),
    kind: "session" as const,
    role: uploader.role,
  };
  const writer = author && {
    id: await deps.people.record(account, authorNamed(author)),
    kind: "author" as const,
  };
  const upload = { ...(by && { by }), ...(writer && { author: writer }) };
  const { versionId } = deps.release.artifact;
  const result = resultOf(line, "waiting-for-approval", { version: versionId, upload });
  await deps.results.write(resultKeys(formatKey(line), versionId).version, formatResult(result));
  const approved: ActionRun = {
    ...{ stage: "dev", action: "Approve", status: "Succeeded", endedAt: "2026-01-01T00:00:00.000Z" },
    ...(decider !== undefined && { decider }),
  };
  deps.runs.push(approved, { stage: "dev", action: "Duties", status: "InProgress" });
  await packageArtifact(deps, job("Release", "Packaged"));
  await prepareEnvironment(deps, job("Packaged", "Prepared_dev"));
  const { output: _, gated: __, ...rest } = job("Prepared_dev", "none");
  const request: WorkerJob = { ...rest, parameters: duties === undefined ? {} : { separateDuties: duties } };
  expect(await compareDuties(deps, request)).toEqual({ type: "done", outputs: {} });
}

describe("a release with separate duties", () => {
  it.each<[string, Situation]>([
    ["another person approved", { ...usual, duties: "uploaders" }],
    ["author, uploader and approver differ", { ...usual, author: "carol", duties: "authors" }],
    ["the estate does not separate duties", { decider: approver("alice") }],
  ])("goes on when %s", (_, situation) => compared(situation));

  it.each<[string, Situation, string]>([
    [
      "the uploader approved",
      { ...usual, uploader: { role: ciRoleId, name: "Bob" }, duties: "uploaders" },
      "DutiesNotSeparate",
    ],
    ["the author approved", { ...usual, author: "Bob B. <bob>", duties: "authors" }, "DutiesNotSeparate"],
    ["the author uploaded", { ...usual, author: "orders-ci", duties: "authors" }, "DutiesNotSeparate"],
    ["the upload claims no author", { ...usual, duties: "authors" }, "DutiesUnproven"],
    ["S3 has not told the uploader", { decider: approver("bob"), duties: "uploaders" }, "DutiesUnproven"],
    [
      "the uploader is a session of another role",
      { ...usual, uploader: { role: "AROAOTHER", name: "orders-ci" }, duties: "uploaders" },
      "DutiesUnproven",
    ],
    [
      "a principal other than kedge-approver approved",
      { ...usual, decider: "arn:aws:sts::111111111111:assumed-role/admin/bob", duties: "uploaders" },
      "DutiesUnproven",
    ],
    [
      "a user approved",
      { ...usual, decider: "arn:aws:iam::111111111111:user/bob", duties: "uploaders" },
      "DutiesUnproven",
    ],
    ["CodePipeline tells no decider", { uploader: usual.uploader, duties: "uploaders" }, "DutiesUnproven"],
    [
      "the trust of kedge-ci does not pin session names",
      { ...usual, duties: "uploaders", pinned: { uploaders: false, people: true } },
      "DutiesUnproven",
    ],
    [
      "the trust of kedge-approver does not pin session names",
      { ...usual, duties: "uploaders", pinned: { uploaders: true, people: false } },
      "DutiesUnproven",
    ],
  ])("is refused when %s", async (_, situation, code) => {
    expect((await errorOf(() => compared(situation)))?.code).toBe(code);
  });
});
