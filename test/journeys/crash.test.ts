/**
 * A Lambda that dies in the middle of a call, before or after its effect, leaves no state that the next
 * invocation cannot finish. The test has an estate of its own because it pushes the clock: messages of a dead
 * function become visible again when their visibility timeout is over.
 */

import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { principalName } from "@kedge/local-cloud/kernel/principal";
import { expect, inject, test } from "vitest";
import { bootEstate } from "#local-estate/boot.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { runBundles } from "#test/support/bundles.ts";
import { enter, shopLine, versionOf } from "#test/support/estate.ts";

const crashes = [
  ["kedge-route", "sqs", "SendMessageBatch", "before"],
  ["kedge-route", "sqs", "SendMessageBatch", "after"],
  ["kedge-reconcile", "cloudformation", "CreateStack", "before"],
  ["kedge-reconcile", "cloudformation", "CreateStack", "after"],
  ["kedge-reconcile", "s3", "PutObject", "after"],
  ["kedge-reconcile", "codepipeline", "ListPipelineExecutions", "before"],
  ["kedge-observe", "sqs", "SendMessageBatch", "before"],
  ["kedge-package", "s3", "PutObject", "after"],
  ["kedge-package", "codepipeline", "PutJobSuccessResult", "before"],
  ["kedge-prepare", "codepipeline", "PutJobSuccessResult", "after"],
  ["kedge-prepare", "s3", "PutObject", "before"],
] as const;

/** When no principal has made a call for this time, all remaining work waits for the clock. */
const quietMs = 1500;
const pushMs = 61_000;

test("every version is released by exactly one execution at whichever call a function dies", async () => {
  await using booted = await bootEstate({
    port: 0,
    estateFile: "examples/estate.yml",
    bundles: await runBundles(inject("runFolder")),
  });
  const shop = enter(booted);
  const { faults, onCall, clock } = booted.running.cloud();
  const died: string[] = [];
  let busyAt = Date.now();
  onCall(({ operation, principal, error }) => {
    if (operation !== "ReceiveMessage" && principal.kind !== "account") busyAt = Date.now();
    const name = /assumed-role\/(kedge-[a-z]+)\//.exec(principalName(principal))?.[1];
    if (error === "InternalFailure" && name !== undefined) died.push(`${name} ${operation}`);
  });
  for (const [principal, service, operation, when] of crashes) {
    const error = new AwsError("InternalFailure", "killed by the test", 500);
    faults.add({
      principal: `assumed-role/${principal}/`,
      service,
      operation,
      when,
      error,
      crash: true,
      count: 1,
    });
  }
  const lines = crashes.map((_, at) => shopLine("journey-crash", `feature/${at}`));
  const artifact = await zipOf({ "template.json": topicTemplate("Stubborn") });
  const versions = await Promise.all(lines.map((line) => shop.upload(line, artifact)));

  const released = Promise.all(lines.map((line, at) => shop.result(line, versions[at] ?? "", "released")));
  let through = false;
  const time = (async () => {
    while (!through) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (Date.now() - busyAt < quietMs) continue;
      await clock.push(pushMs);
      busyAt = Date.now();
    }
  })();
  await released.finally(() => {
    through = true;
  });
  await time;
  expect(died.sort()).toEqual(crashes.map(([name, , operation]) => `${name} ${operation}`).sort());
  for (const [at, line] of lines.entries())
    expect((await shop.executions(line)).map(versionOf)).toEqual([versions[at]]);
});
