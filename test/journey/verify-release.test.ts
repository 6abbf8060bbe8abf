/** The verify action: it looks, goes, and looks again; an alarm turns the stack back and says by how much. */
import { describe, expect, it } from "vitest";
import type { WorkerJob } from "#journey/job.ts";
import { type VerifyDeps, verifyRelease } from "#journey/verify-release.ts";
import type { Alarm } from "#ports/alarms.ts";
import { errorOf } from "#test/release/samples.ts";

const quiet: Alarm = { name: "errors", firing: false, reason: "no datapoint is above" };
const loud: Alarm = { ...quiet, firing: true, metric: "AWS/Lambda Errors", value: 12, threshold: 5 };

function worldOf(alarms: readonly Alarm[], now = "2026-03-01T10:00:00.000Z") {
  const turned: unknown[] = [];
  const world: VerifyDeps = {
    alarms: { describe: async (_, names) => alarms.filter(({ name }) => names.includes(name)) },
    stackValues: {
      set: async ({ account }, stack, values, token) => void turned.push([account, stack, values, token]),
    },
    clock: () => now,
  };
  return { world, turned };
}

const job = (parameters: WorkerJob["parameters"], continuation?: string): WorkerJob => ({
  ...{ execution: "e-1", environment: "prod", account: "444444444444", region: "us-east-1" },
  stack: "kedge-app-prod-shop",
  input: { bucket: "b", key: "k" },
  parameters,
  ...(continuation !== undefined && { continuation }),
});

describe("while a version is watched", () => {
  const parameters = { minutes: "30", alarms: ["errors"] };

  it("nobody waits: the token says until when", async () => {
    const until = "2026-03-01T10:30:00.000Z";
    expect(await verifyRelease(worldOf([quiet]).world, job(parameters))).toEqual({
      type: "later",
      continuation: until,
    });
    const shortly = worldOf([quiet], "2026-03-01T10:29:59.000Z").world;
    expect(await verifyRelease(shortly, job(parameters, until))).toEqual({
      type: "later",
      continuation: until,
    });
    expect(await verifyRelease(worldOf([quiet], until).world, job(parameters, until))).toEqual({
      type: "done",
      outputs: {},
    });
  });

  it("no minutes are no wait", async () => {
    expect(await verifyRelease(worldOf([]).world, job({ minutes: "0", alarms: [] }))).toMatchObject({
      type: "done",
    });
  });
});

describe("an alarm", () => {
  const parameters = { minutes: "30", alarms: ["errors"], turnBack: ["CanaryWeight=0", "StableWeight=100"] };

  it("that goes off turns the stack back, and is told with its metric and by how much", async () => {
    const { world, turned } = worldOf([loud]);
    const error = await errorOf(() => verifyRelease(world, job(parameters, "2026-03-01T10:30:00.000Z")));
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

  it("without a metric of its own is told in CloudWatch's words", async () => {
    const composite: Alarm = { name: "errors", firing: true, reason: "two of three are in ALARM" };
    const { world, turned } = worldOf([composite]);
    const error = await errorOf(() => verifyRelease(world, job({ minutes: "5", alarms: ["errors"] })));
    expect(error?.message).toContain("The alarm errors is in ALARM: two of three are in ALARM");
    expect(turned).toEqual([]);
  });

  it("that is not there fails as well: nobody would notice anything", async () => {
    const error = await errorOf(() => verifyRelease(worldOf([]).world, job(parameters)));
    expect(error?.message).toContain("There is no alarm errors in prod");
  });
});
