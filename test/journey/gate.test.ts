/** Tests the gate: Execute executes the approved change sets, or no change set. */
import { describe, expect, it } from "vitest";
import { advanceStack } from "#journey/advance-stack.ts";
import { executeCleared } from "#journey/execute-cleared.ts";
import type { WorkerJob } from "#journey/job.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { readSmallZip } from "#journey/small-zip.ts";
import { unlock } from "#operate/unlock.ts";
import type { ChangeSetRequest } from "#ports/change-sets.ts";
import { clearanceDigest, digestOf } from "#release/review/clearance.ts";
import type { Review } from "#release/review/review.ts";
import { reviewText } from "#release/review/review-text.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { errorOf } from "#test/release/samples.ts";
import type { ArtifactFiles } from "#test/support/artifact.ts";
import { job, line, type PipelineFixture, pipelineFixture } from "./pipeline-fixture.ts";

const topic = JSON.stringify({ Resources: { T: { Type: "AWS::SNS::Topic" } } });
const stack = "kedge-app-dev-shop";

async function reviewed(
  files: ArtifactFiles = { "template.yaml": topic },
  stored: readonly (readonly [name: string, value: string])[] = [],
) {
  const deps = await pipelineFixture(files);
  for (const [name, value] of stored) deps.known.set(name, value);
  await packageArtifact(deps, job("Release", "Packaged"));
  const gated = job("Packaged", "Prepared_dev", { gated: true });
  const made = await prepareEnvironment(deps, gated);
  if (made.type !== "later") throw new TypeError("Prepare did not wait for its change sets.");
  const done = await prepareEnvironment(deps, { ...gated, continuation: made.continuation });
  if (done.type !== "done") throw new TypeError("Prepare did not end.");
  return { deps, outputs: done.outputs };
}

const executeJob = (
  outputs: Readonly<Record<string, string>>,
  continuation?: string,
  input = "Prepared_dev",
): WorkerJob => {
  const { output: _, gated: __, ...rest } = job(input, "none");
  const parameters = { clearance: outputs["Clearance"], review: outputs["Review"] };
  return { ...rest, parameters, ...(continuation !== undefined && { continuation }) };
};

async function executed(deps: PipelineFixture, outputs: Readonly<Record<string, string>>, input?: string) {
  let answer = await executeCleared(deps, executeJob(outputs, undefined, input));
  for (let polls = 0; answer.type === "later" && polls < 5; polls += 1) {
    answer = await executeCleared(deps, executeJob(outputs, answer.continuation, input));
  }
  return answer;
}

const reviewOf = (deps: PipelineFixture, outputs: Readonly<Record<string, string>>): Review =>
  JSON.parse(deps.reviews.objects.get(`${outputs["Review"]}.json`) ?? "") as Review;

describe("a gated environment", () => {
  it("executes nothing before the approval, and writes a review that names the clearance", async () => {
    const { deps, outputs } = await reviewed();
    expect(deps.changeSets.executed).toEqual([]);
    const review = reviewOf(deps, outputs);
    expect(review.digest).toBe(outputs["Clearance"]);
    expect(review.clearance.stacks).toMatchObject([{ name: stack, level: 0 }]);
    expect(review.stacks).toMatchObject([{ name: stack, state: "new" }]);
    expect(deps.reviews.objects.get(`${outputs["Review"]}.html`)).toContain(outputs["Clearance"]);
  });

  it("says in the review of a first release that there is no version before, and later names the way back", async () => {
    const { deps, outputs } = await reviewed();
    const first = reviewOf(deps, outputs);
    expect(first.back).toBeUndefined();
    const none = "none: this is the line's first release to dev, so Kedge has no earlier version there";
    expect(reviewText(first)).toContain(none);
    expect(deps.reviews.objects.get(`${outputs["Review"]}.html`)).toContain(
      "Kedge has no earlier version there",
    );
    await executed(deps, outputs);
    const later = job("Packaged", "Prepared_2", { gated: true, execution: "execution-2" });
    const made = await prepareEnvironment(deps, later);
    const continuation = made.type === "later" ? made.continuation : "";
    const done = await prepareEnvironment(deps, { ...later, continuation });
    const second = reviewOf(deps, done.type === "done" ? done.outputs : {});
    expect(reviewText(second)).toContain("a stack update with the earlier version, within minutes");
    expect(second.stacks).toMatchObject([{ name: stack, state: "unchanged" }]);
    expect(second.releases).toEqual([{ version: first.clearance.artifact.versionId, at: deps.clock() }]);
  });

  it("executes the change set that was reviewed", async () => {
    const { deps, outputs } = await reviewed();
    expect(await executed(deps, outputs)).toEqual({ type: "done", outputs: {} });
    expect(deps.changeSets.executed).toEqual(
      reviewOf(deps, outputs).clearance.stacks.map(({ changeSet }) => changeSet),
    );
  });

  it("knows a compared clearance by its digest, and compares the documents and the lock each time", async () => {
    const { deps, outputs } = await reviewed();
    await executeCleared(deps, executeJob(outputs));
    deps.reviews.objects.clear();
    expect(await executeCleared(deps, executeJob(outputs, "0"))).toMatchObject({ type: "done" });
    const other = deps.jobArtifacts.objects.get("Packaged");
    if (other !== undefined) deps.jobArtifacts.objects.set("Prepared_dev", other);
    const error = await errorOf(() => executeCleared(deps, executeJob(outputs, "0")));
    expect(error?.code).toBe("ClearanceBroken");
    deps.locks.objects.clear();
    const taken = await errorOf(() => executeCleared(deps, executeJob(outputs, "0")));
    expect(taken?.code).toBe("EnvironmentTaken");
  });

  it("executes no change set when CloudFormation finds no difference", async () => {
    const { deps, outputs } = await reviewed();
    await executed(deps, outputs);
    const [before] = deps.changeSets.executed;
    for (const id of deps.changeSets.sets.keys()) deps.changeSets.sets.delete(id);
    const gated = job("Packaged", "Prepared_again", { gated: true });
    const made = await prepareEnvironment(deps, gated);
    const continuation = made.type === "later" ? made.continuation : "";
    const first = await prepareEnvironment(deps, { ...gated, continuation });
    // The Lambda may end before its answer arrives, and run again.
    const again = await prepareEnvironment(deps, { ...gated, continuation });
    expect(again).toEqual(first);
    const next = again.type === "done" ? again.outputs : {};
    expect(next["Changes"]).toBe("No resource changes.");
    expect(await executed(deps, next, "Prepared_again")).toMatchObject({ type: "done" });
    expect(deps.changeSets.executed).toEqual([before]);
    expect([...deps.changeSets.sets.values()].map(({ status }) => status)).toEqual([]);
  });

  it("stores a large template as an asset, and names its version", async () => {
    const large = JSON.stringify({
      Resources: Object.fromEntries(
        Array.from({ length: 400 }, (_, index) => [
          `Topic${index}`,
          { Type: "AWS::SNS::Topic", Properties: { DisplayName: "x".repeat(100) } },
        ]),
      ),
    });
    const { deps, outputs } = await reviewed({ "template.yaml": large });
    expect(deps.assets.puts.filter((key) => key.endsWith(".template"))).toHaveLength(1);
    expect(await executed(deps, outputs)).toMatchObject({ type: "done" });
    expect(deps.changeSets.executed).toHaveLength(1);
  });

  it("waits while another execution holds the environment, and makes no change set", async () => {
    const { deps } = await reviewed();
    deps.running.add("execution-1");
    const other = job("Packaged", "Prepared_2", { gated: true, execution: "execution-2" });
    expect(await prepareEnvironment(deps, other)).toMatchObject({ type: "later" });
    expect([...deps.changeSets.sets.values()].map(({ name }) => name)).toEqual(["kedge-execution-1"]);
  });

  it("executes nothing for an execution that lost the environment to another one", async () => {
    const { deps, outputs } = await reviewed();
    await prepareEnvironment(deps, job("Packaged", "Prepared_2", { gated: true, execution: "execution-2" }));
    const error = await errorOf(() => executed(deps, outputs));
    expect(error?.code).toBe("EnvironmentTaken");
    expect(deps.changeSets.executed).toEqual([]);
  });

  it("compares the people of the release before it executes", async () => {
    const { deps, outputs } = await reviewed();
    const { parameters, ...rest } = executeJob(outputs);
    const separate = { ...rest, parameters: { ...parameters, separateDuties: "uploaders" } };
    expect((await errorOf(() => executeCleared(deps, separate)))?.code).toBe("DutiesUnproven");
    expect(deps.changeSets.executed).toEqual([]);
  });

  it("compares the template of a stack whose change set is made after the approval", async () => {
    const { deps, outputs } = await reviewed();
    const { clearance } = reviewOf(deps, outputs);
    const later = { name: "later", level: 1, template: topic, parameters: {}, tags: {} };
    const cleared = { ...later, template: digestOf(JSON.parse(topic)), configuration: "" };
    const approved = { ...clearance, stacks: [...clearance.stacks, cleared] };
    const advance = () =>
      advanceStack(deps, { job: executeJob(outputs), stack: later, approved, capabilities: [] });
    expect([await advance(), await advance()]).toEqual(["later", "later"]);
    expect(await advance()).not.toBe("later");
    const stolen = { ...changeSetOf(foreign), stack: "later" };
    deps.changeSets.swap(job("", ""), stolen);
    await deps.changeSets.execute(job("", ""), [...deps.changeSets.sets.keys()].at(-1) ?? "", "t");
    expect((await errorOf(async () => void (await advance())))?.code).toBe("ClearanceBroken");
  });

  it("clears the estate whose rules the release was packaged under", async () => {
    const { deps, outputs } = await reviewed();
    const { clearance } = reviewOf(deps, outputs);
    expect(clearance.policy).toBe(digestOf(await deps.estate.load()));
    expect(clearanceDigest({ ...clearance, policy: "other" })).not.toBe(outputs["Clearance"]);
  });
});

const foreign = JSON.stringify({ Resources: { Evil: { Type: "AWS::SNS::Topic" } } });

/** A change set that an administrator makes under the name of the execution's own. */
const changeSetOf = (
  body: string,
  parameters: Readonly<Record<string, string>> = {},
  name = "kedge-execution-1",
): ChangeSetRequest => ({
  ...{ stack, name, template: { body }, exists: false, nested: false, parameters },
  ...{ tags: {}, capabilities: [] },
});

/** The template of the change set that Prepare made. */
const reviewedTemplate = (deps: PipelineFixture): string =>
  [...deps.changeSets.sets.values()][0]?.template ?? "";

describe("a swap before the review", () => {
  const sized = JSON.stringify({
    Parameters: { Size: { Type: "String", Default: "1" } },
    Resources: { T: { Type: "AWS::SNS::Topic" } },
  });

  it.each<[string, (deps: PipelineFixture) => ChangeSetRequest]>([
    ["another template", () => changeSetOf(foreign)],
    ["another value of a parameter", (deps) => changeSetOf(reviewedTemplate(deps), { Size: "9" })],
  ])("stops the release when the change set has %s", async (_, other) => {
    const deps = await pipelineFixture({ "template.yaml": sized });
    await packageArtifact(deps, job("Release", "Packaged"));
    const gated = job("Packaged", "Prepared_dev", { gated: true });
    const made = await prepareEnvironment(deps, gated);
    deps.changeSets.swap(job("", ""), other(deps));
    const continuation = made.type === "later" ? made.continuation : "";
    const error = await errorOf(() => prepareEnvironment(deps, { ...gated, continuation }));
    expect(error?.code).toBe("ClearanceBroken");
    expect([...deps.reviews.objects.keys()]).toEqual([]);
  });
});

describe("a swap between review and execution", () => {
  it.each<[string, (deps: PipelineFixture, outputs: Readonly<Record<string, string>>) => void]>([
    [
      "a change set of another template under the same name",
      (deps) => deps.changeSets.swap(job("", ""), changeSetOf(foreign)),
    ],
    [
      "another change set of the same template under the same name",
      (deps) => deps.changeSets.swap(job("", ""), changeSetOf(reviewedTemplate(deps))),
    ],
    [
      "a review that names the change set of another template",
      (deps, outputs) => {
        deps.changeSets.swap(job("", ""), changeSetOf(foreign));
        const changeSet = [...deps.changeSets.sets.keys()].at(-1) ?? "";
        const { clearance, ...review } = reviewOf(deps, outputs);
        const stacks = clearance.stacks.map((each) => ({ ...each, changeSet }));
        const changed = { ...review, clearance: { ...clearance, stacks } };
        deps.reviews.objects.set(`${outputs["Review"]}.json`, JSON.stringify(changed));
      },
    ],
    ["a change set that is gone", (deps) => deps.changeSets.sets.clear()],
    [
      "a review with another clearance",
      (deps, outputs) => {
        const review = reviewOf(deps, outputs);
        const changed = { ...review, clearance: { ...review.clearance, account: "999999999999" } };
        deps.reviews.objects.set(`${outputs["Review"]}.json`, JSON.stringify(changed));
      },
    ],
    ["a review that is gone", (deps) => deps.reviews.objects.clear()],
    [
      "a review that is no review",
      (deps, outputs) => deps.reviews.objects.set(`${outputs["Review"]}.json`, "no JSON"),
    ],
    [
      "documents of another version",
      (deps) => {
        const other = deps.jobArtifacts.objects.get("Packaged");
        if (other !== undefined) deps.jobArtifacts.objects.set("Prepared_dev", other);
      },
    ],
  ])("refuses %s, and executes nothing", async (_, swap) => {
    const { deps, outputs } = await reviewed();
    swap(deps, outputs);
    const error = await errorOf(() => executed(deps, outputs));
    expect(error?.code).toBe("ClearanceBroken");
    expect(deps.changeSets.executed).toEqual([]);
    expect(deps.stopped).toHaveLength(1);
  });

  it("refuses a changed text of any document that the clearance binds", async () => {
    const { deps, outputs } = await reviewed();
    const written = deps.jobArtifacts.objects.get("Prepared_dev") ?? new Uint8Array();
    const prepared = await readSmallZip(written);
    for (const [name, content] of prepared) {
      const text = `${Buffer.from(content)} `;
      const contents = [...new Map<string, Uint8Array | string>([...prepared, [name, text]])];
      const zip = writeZip(contents.map(([path, content]) => ({ name: path, content })));
      deps.jobArtifacts.objects.set("Prepared_dev", zip);
      const error = await errorOf(() => executeCleared(deps, executeJob(outputs)));
      expect(error?.code, name).toBe("ClearanceBroken");
    }
    expect(deps.changeSets.executed).toEqual([]);
  });

  it("stops the environment, until an operator opens it", async () => {
    const { deps, outputs } = await reviewed();
    deps.changeSets.sets.clear();
    await errorOf(() => executed(deps, outputs));
    const next = job("Packaged", "Prepared_2", { gated: true, execution: "execution-2" });
    const error = await errorOf(() => prepareEnvironment(deps, next));
    expect(error?.code).toBe("EnvironmentStopped");
    expect(error?.message).toContain("execution-1");
    const order = { line, environment: "dev", reason: "It was a drill." };
    expect(await unlock(deps, order)).toMatchObject({ execution: "execution-1" });
    expect(await prepareEnvironment(deps, next)).toMatchObject({ type: "later" });
    await expect(unlock(deps, order)).rejects.toThrow("not stopped");
  });

  it("reports a stack that executed another change set", async () => {
    const { deps, outputs } = await reviewed();
    await executeCleared(deps, executeJob(outputs));
    deps.changeSets.swap(job("", ""), changeSetOf(foreign, {}, "other"));
    const other = [...deps.changeSets.sets.values()].find(({ name }) => name === "other");
    await deps.changeSets.execute(job("", ""), other?.id ?? "", "t");
    deps.changeSets.sets.delete(reviewOf(deps, outputs).clearance.stacks[0]?.changeSet ?? "");
    const error = await errorOf(() => executeCleared(deps, executeJob(outputs, "0")));
    expect(error?.code).toBe("ClearanceBroken");
  });
});

describe("the parameter store", () => {
  const files: ArtifactFiles = {
    "template.yaml": JSON.stringify({
      Parameters: { Ami: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/shop/ami" } },
      Resources: {
        T: {
          Type: "AWS::SNS::Topic",
          Properties: {
            TopicName: { Ref: "Ami" },
            DisplayName: { "Fn::Sub": "{{resolve:ssm:/${AWS::Region}/title}}" },
          },
        },
      },
    }),
  };
  const stored = [
    ["/shop/ami", "ami-1"],
    ["/us-east-1/title", "News"],
  ] as const;

  it("is read before the approval, and the review names the versions", async () => {
    const { deps, outputs } = await reviewed(files, stored);
    const written = await deps.written("Prepared_dev");
    expect(written["template.json"]).toContain("{{resolve:ssm:/us-east-1/title:1}}");
    expect(JSON.parse(written["template.json"] ?? "")).toMatchObject({
      Parameters: { Ami: { Type: "String" } },
    });
    expect(JSON.parse(written["config.json"] ?? "")).toMatchObject({ Parameters: { Ami: "ami-1" } });
    const review = reviewOf(deps, outputs);
    expect(review.settings).toEqual(["/shop/ami:1", "/us-east-1/title:1"]);
    expect(deps.reviews.objects.get(`${outputs["Review"]}.html`)).toContain("/us-east-1/title:1");
    expect(JSON.stringify(review)).not.toContain("News");
    expect((await executed(deps, outputs)).type).toBe("done");
  });

  it.each([
    ["changes under its version", (known: Map<string, string>) => known.set("/us-east-1/title", "Other")],
    ["is removed", (known: Map<string, string>) => known.delete("/us-east-1/title")],
  ])("stops the release when a value %s while the approval waits", async (_, swap) => {
    const { deps, outputs } = await reviewed(files, stored);
    swap(deps.known);
    const error = await errorOf(() => executed(deps, outputs));
    expect(error?.code).toBe("ClearanceBroken");
    expect(error?.message).toContain("/us-east-1/title:1");
    expect(deps.changeSets.executed).toEqual([]);
  });

  it("is not read in an environment without an approval", async () => {
    const deps = await pipelineFixture(files);
    await packageArtifact(deps, job("Release", "Packaged"));
    expect((await prepareEnvironment(deps, job("Packaged", "Prepared_dev"))).type).toBe("done");
    expect((await deps.written("Prepared_dev"))["settings.json"]).toBeUndefined();
  });
});

describe("a nested stack", () => {
  const nesting: ArtifactFiles = {
    "template.yaml": JSON.stringify({
      Resources: { Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "inner.json" } } },
    }),
    "inner.json": JSON.stringify({ Resources: { News: { Type: "AWS::SNS::Topic" } } }),
  };

  it("is bound by the clearance, and the review shows its resources", async () => {
    const { deps, outputs } = await reviewed(nesting);
    const review = reviewOf(deps, outputs);
    expect(review.clearance.stacks[0]?.nested).toMatchObject([{ path: "Inner" }]);
    expect(review.stacks[0]?.changes).toMatchObject([{ logicalId: "Inner/News", action: "Add" }]);
    expect((await executed(deps, outputs)).type).toBe("done");
  });

  it("stops the release when its change set is another one", async () => {
    const { deps, outputs } = await reviewed(nesting);
    for (const [id, set] of deps.changeSets.sets) {
      const nested = set.nested.map((each) => ({ ...each, parameters: { Size: "2" } }));
      deps.changeSets.sets.set(id, { ...set, nested });
    }
    const error = await errorOf(() => executed(deps, outputs));
    expect(error?.code).toBe("ClearanceBroken");
    expect(error?.message).toContain("The nested stacks Inner of");
    expect(deps.changeSets.executed).toEqual([]);
  });
});
