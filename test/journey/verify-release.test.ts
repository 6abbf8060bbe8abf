/**
 * Tests the verify action: it reads the alarms until the time is up; an alarm resets the stack's parameters
 * and fails the action with the exceeded value.
 */
import { describe, expect, it } from "vitest";
import type { WorkerJob } from "#journey/job.ts";
import { type VerifyDeps, verifyRelease } from "#journey/verify-release.ts";
import type { Alarm } from "#ports/alarms.ts";
import { errorOf } from "#test/release/samples.ts";

const quiet: Alarm = { name: "errors", firing: false, reason: "no datapoint is above" };
const loud: Alarm = { ...quiet, firing: true, metric: "AWS/Lambda Errors", value: 12, threshold: 5 };

function fixtureOf(alarms: readonly Alarm[], now = "2026-03-01T10:00:00.000Z") {
  const turned: unknown[] = [];
  const deps: VerifyDeps = {
    alarms: { describe: async (_, names) => alarms.filter(({ name }) => names.includes(name)) },
    stackValues: {
      set: async ({ account }, stack, values, token) => void turned.push([account, stack, values, token]),
    },
    clock: () => now,
  };
  return { deps, turned };
}

const job = (parameters: WorkerJob["parameters"], continuation?: string): WorkerJob => ({
  ...{ execution: "e-1", environment: "prod", account: "444444444444", region: "us-east-1" },
  stack: "kedge-app-prod-shop",
  input: { bucket: "b", key: "k" },
  parameters,
  ...(continuation !== undefined && { continuation }),
});

describe("a version that is being verified", () => {
  const parameters = { minutes: "30", alarms: ["errors"] };

  it("returns a continuation token with the end of the watch instead of waiting", async () => {
    const until = "2026-03-01T10:30:00.000Z";
    expect(await verifyRelease(fixtureOf([quiet]).deps, job(parameters))).toEqual({
      type: "later",
      continuation: until,
    });
    const shortly = fixtureOf([quiet], "2026-03-01T10:29:59.000Z").deps;
    expect(await verifyRelease(shortly, job(parameters, until))).toEqual({
      type: "later",
      continuation: until,
    });
    expect(await verifyRelease(fixtureOf([quiet], until).deps, job(parameters, until))).toEqual({
      type: "done",
      outputs: {},
    });
  });

  it("is done at once when the watch has no minutes", async () => {
    expect(await verifyRelease(fixtureOf([]).deps, job({ minutes: "0", alarms: [] }))).toMatchObject({
      type: "done",
    });
  });
});

describe("an alarm", () => {
  const parameters = { minutes: "30", alarms: ["errors"], turnBack: ["CanaryWeight=0", "StableWeight=100"] };

  it("resets the stack when it fires, and is reported with its metric and the difference to its threshold", async () => {
    const { deps, turned } = fixtureOf([loud]);
    const error = await errorOf(() => verifyRelease(deps, job(parameters, "2026-03-01T10:30:00.000Z")));
    expect(error?.code).toBe("VerificationFailed");
    expect(error?.message).toBe(
      "In prod (account 444444444444, us-east-1): The alarm errors is in ALARM: AWS/Lambda Errors is 12, 7 above its threshold of 5. The traffic goes back to the version before.",
    );
    expect(turned).toEqual([
      [
        "444444444444",
        "kedge-app-prod-shop",
        { CanaryWeight: "0", StableWeight: "100" },
        expect.stringMatching(/^kedge-[0-9a-f]{32}$/),
      ],
    ]);
  });

  it("is reported in CloudWatch's words when it has no metric of its own", async () => {
    const composite: Alarm = { name: "errors", firing: true, reason: "two of three are in ALARM" };
    const { deps, turned } = fixtureOf([composite]);
    const error = await errorOf(() => verifyRelease(deps, job({ minutes: "5", alarms: ["errors"] })));
    expect(error?.message).toContain("The alarm errors is in ALARM: two of three are in ALARM");
    expect(turned).toEqual([]);
  });

  it("fails the action when it does not exist, because nothing would watch the version", async () => {
    const error = await errorOf(() => verifyRelease(fixtureOf([]).deps, job(parameters)));
    expect(error?.message).toContain("There is no alarm errors in prod");
  });
});
