/** A job of CodePipeline gets its answer, whatever becomes of the action; and its credentials stay in the event. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { CodePipelineEvent, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { EnvironmentJob, JobAnswer } from "#journey/job.ts";
import { jobOf } from "#lambdas/door/job-event.ts";
import { about } from "#lambdas/door/logger.ts";
import { jobHandler } from "#lambdas/door/pipeline-job.ts";
import type { Jobs } from "#ports/jobs.ts";
import { ReleaseError } from "#release/errors/errors.ts";

const artifact = (name: string) => ({
  name,
  revision: null,
  location: { type: "S3" as const, s3Location: { bucketName: "cache", objectKey: `line/${name}/1` } },
});

const event = (over: object = {}): CodePipelineEvent => ({
  "CodePipeline.job": {
    id: "job-1",
    accountId: "111111111111",
    data: {
      actionConfiguration: {
        configuration: {
          FunctionName: "kedge-prepare",
          UserParameters: JSON.stringify({ execution: "e-1", environment: "dev" }),
        },
      },
      inputArtifacts: [artifact("Packaged")],
      outputArtifacts: [artifact("Prepared")],
      artifactCredentials: {
        accessKeyId: "AKIDSECRET",
        secretAccessKey: "VERYSECRET",
        sessionToken: "TOKENSECRET",
        expirationTime: 0,
      },
      ...over,
    },
  } as CodePipelineEvent["CodePipeline.job"],
});

const context = { functionName: "kedge-prepare", awsRequestId: "r-1" } as unknown as Context;

async function answered(
  perform: (job: EnvironmentJob) => Promise<JobAnswer>,
  over?: object,
  broken: Partial<Jobs> = {},
) {
  const answers: unknown[] = [];
  const jobs: Jobs = {
    succeed: async (...answer) => void answers.push(["succeed", ...answer]),
    continueLater: async (...answer) => void answers.push(["later", ...answer]),
    fail: async (...answer) => void answers.push(["fail", ...answer]),
    ...broken,
  };
  const said: string[] = [];
  class QuietLogger extends Logger {
    protected override printLog(_level: number, log: object): void {
      said.push(JSON.stringify(log));
    }
  }
  const logger = new QuietLogger({ serviceName: "test" });
  await jobHandler({ jobs, logger, read: jobOf }, (job) => {
    about(logger, { line: "shop/main", version: "v1", execution: job.execution });
    return perform(job);
  })(event(over), context);
  return { answers, log: said.join("") };
}

describe("a job", () => {
  it("reads artifacts, parameters and continuation token of the job", async () => {
    const seen: EnvironmentJob[] = [];
    await answered(
      async (job) => {
        seen.push(job);
        return { type: "done", outputs: {} };
      },
      { continuationToken: "removing" },
    );
    expect(seen).toEqual([
      {
        execution: "e-1",
        environment: "dev",
        continuation: "removing",
        input: { bucket: "cache", key: "line/Packaged/1" },
        output: { bucket: "cache", key: "line/Prepared/1" },
      },
    ]);
  });

  it("reports success with the output variables", async () => {
    const { answers } = await answered(async () => ({ type: "done", outputs: { Digest: "d" } }));
    expect(answers).toEqual([["succeed", "job-1", { Digest: "d" }]]);
  });

  it("continues later when the action has to wait", async () => {
    const { answers } = await answered(async () => ({ type: "later", continuation: "removing" }));
    expect(answers).toEqual([["later", "job-1", "removing"]]);
  });

  it("fails with the error's code first, and with the remedy", async () => {
    const { answers } = await answered(async () => {
      throw new ReleaseError("ReferenceMissing", "CodeUri is src.");
    });
    expect(answers).toEqual([
      ["fail", "job-1", expect.stringMatching(/^ReferenceMissing: CodeUri is src\. Pack the file/)],
    ]);
  });

  it.each([
    ["throws anything", {}, async () => Promise.reject(new TypeError("oops"))],
    ["has no input", { inputArtifacts: [] }, async () => ({ type: "done", outputs: {} }) as const],
  ])("fails a job that %s", async (_, over, perform) => {
    const { answers } = await answered(perform, over);
    expect(answers).toEqual([["fail", "job-1", expect.stringMatching(/^TypeError: /)]]);
  });

  it("reports a failure when the report of success fails", async () => {
    const succeed = () => Promise.reject(new Error("Rate exceeded"));
    const { answers } = await answered(async () => ({ type: "done", outputs: {} }), {}, { succeed });
    expect(answers).toEqual([["fail", "job-1", "Error: Rate exceeded"]]);
  });

  it("logs line, version and execution, and never a credential", async () => {
    const { log } = await answered(async () => {
      throw new ReleaseError("ReferenceMissing", "CodeUri is src.");
    });
    expect(log).toContain('"line":"shop/main","version":"v1","execution":"e-1"');
    expect(log).not.toContain("SECRET");
  });
});
