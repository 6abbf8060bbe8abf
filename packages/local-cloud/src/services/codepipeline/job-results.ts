/**
 * Implements the operations of job workers: poll for jobs, acknowledge one, read its details, report its
 * result.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { callAgain } from "./call-again.ts";
import { findRun } from "./find-run.ts";
import { jobData } from "./job-data.ts";
import { lineOf, watchSilentJob } from "./jobs.ts";
import { accessAll, actionTypeArn } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { engineOf, succeed } from "./run.ts";
import type { CodePipelineState, JobRow } from "./state.ts";
import { typeKey } from "./types.ts";

const OUTPUT_VARIABLES_BYTES = 122_880;

function findJob({ state }: Call<CodePipelineState>, id: string | undefined): JobRow {
  const job = state.jobs.get(id ?? "");
  if (job !== undefined) return job;
  throw new AwsError("JobNotFoundException", `Could not find a job with ID '${id ?? ""}'`);
}

/** Finds a job that still waits for its result. */
function openJobOf(call: Call<CodePipelineState>, id: string | undefined): JobRow {
  const job = findJob(call, id);
  if (job.status === "InProgress" || job.status === "Dispatched") return job;
  throw new AwsError(
    "InvalidJobStateException",
    `Job ${job.id} cannot be updated because it is in the state ${job.status}`,
  );
}

export const putJobSuccessResult: CodePipelineOperation<"PutJobSuccessResult"> = {
  access: () => accessAll("PutJobSuccessResult"),
  run: ({ jobId, continuationToken, outputVariables, executionDetails, currentRevision }, call) => {
    const job = openJobOf(call, jobId);
    if (continuationToken !== undefined && outputVariables !== undefined) {
      throw new AwsError(
        "ValidationException",
        "A continuation token and output variables cannot be given together",
      );
    }
    if (Buffer.byteLength(JSON.stringify(outputVariables ?? {})) > OUTPUT_VARIABLES_BYTES) {
      throw new AwsError(
        "OutputVariablesSizeExceededException",
        `Output variables exceed the limit of ${OUTPUT_VARIABLES_BYTES} bytes`,
      );
    }
    const engine = engineOf(call);
    const line = lineOf(job);
    const details = {
      ...(executionDetails?.summary !== undefined && { summary: executionDetails.summary }),
      ...(executionDetails?.externalExecutionId !== undefined && {
        externalExecutionId: executionDetails.externalExecutionId,
      }),
      ...(executionDetails?.percentComplete !== undefined && {
        percentComplete: executionDetails.percentComplete,
      }),
    };
    if (continuationToken !== undefined) {
      const heard = call.clock.now();
      const callAt = new Date(heard.getTime() + call.cloud.pace.poll);
      const open: JobRow = {
        ...{ ...job, continuationToken, heard },
        ...(job.worker.kind === "lambda" ? { status: "InProgress", callAt } : { status: "Queued" }),
      };
      call.state.jobs.set(job.id, open);
      engine.drive(line, { kind: "report", execution: job.execution, run: job.run, details });
      if (job.worker.kind === "custom") return {};
      watchSilentJob(engine, call, open);
      callAgain(engine, open);
      return {};
    }
    call.state.jobs.set(job.id, { ...job, status: "Succeeded" });
    const output = findRun(engine, line, job)?.run.details.outputs?.[0];
    const revision = currentRevision && {
      name: output?.name ?? "",
      actionName: findRun(engine, line, job)?.declared.name ?? "",
      revisionId: currentRevision.revision ?? "",
      revisionChangeIdentifier: currentRevision.changeIdentifier ?? "",
      ...(currentRevision.revisionSummary !== undefined && {
        revisionSummary: currentRevision.revisionSummary,
      }),
      created: currentRevision.created ?? call.clock.now(),
    };
    succeed(engine, line, job, {
      ...details,
      ...(outputVariables && { outputVariables }),
      ...(revision && { revision }),
    });
    return {};
  },
};

export const putJobFailureResult: CodePipelineOperation<"PutJobFailureResult"> = {
  access: () => accessAll("PutJobFailureResult"),
  run: ({ jobId, failureDetails }, call) => {
    const job = openJobOf(call, jobId);
    call.state.jobs.set(job.id, { ...job, status: "Failed" });
    const externalExecutionId = failureDetails?.externalExecutionId;
    engineOf(call).drive(lineOf(job), {
      kind: "report",
      execution: job.execution,
      run: job.run,
      status: "Failed",
      details: {
        error: { code: failureDetails?.type ?? "JobFailed", message: failureDetails?.message ?? "" },
        ...(externalExecutionId !== undefined && { externalExecutionId }),
      },
    });
    return {};
  },
};

export const getJobDetails: CodePipelineOperation<"GetJobDetails"> = {
  access: () => accessAll("GetJobDetails"),
  run: async ({ jobId }, call) => {
    const job = findJob(call, jobId);
    return { jobDetails: { id: job.id, accountId: job.account, data: await jobData(engineOf(call), job) } };
  },
};

export const pollForJobs: CodePipelineOperation<"PollForJobs"> = {
  access: ({ actionTypeId }, call) => ({
    action: "codepipeline:PollForJobs",
    resource: actionTypeArn(call, actionTypeId ?? {}),
  }),
  run: async ({ actionTypeId, maxBatchSize = 1, queryParam = {} }, call) => {
    const key = typeKey(actionTypeId ?? {});
    if (actionTypeId?.owner !== "Custom" || !call.state.customTypes.has(key)) {
      throw new AwsError("ActionTypeNotFoundException", `The action type ${key} could not be found`);
    }
    const engine = engineOf(call);
    const jobs = [];
    for (const job of [...call.state.jobs.values()]) {
      const declared = findRun(engine, lineOf(job), job)?.declared;
      const matches =
        job.status === "Queued" &&
        declared !== undefined &&
        "actionTypeId" in declared &&
        declared.actionTypeId.owner === "Custom" &&
        typeKey(declared.actionTypeId) === key &&
        Object.entries(queryParam).every(([name, value]) => declared.configuration[name] === value);
      if (!matches || jobs.length >= maxBatchSize) continue;
      const nonce = String(Number(job.nonce) + 1);
      call.state.jobs.set(job.id, { ...job, status: "Dispatched", nonce });
      jobs.push({ id: job.id, nonce, accountId: job.account, data: await jobData(engine, job) });
    }
    return { jobs };
  },
};

export const acknowledgeJob: CodePipelineOperation<"AcknowledgeJob"> = {
  access: () => accessAll("AcknowledgeJob"),
  run: ({ jobId, nonce }, call) => {
    const job = findJob(call, jobId);
    if (nonce !== job.nonce) {
      throw new AwsError(
        "InvalidNonceException",
        `The nonce ${nonce ?? ""} is not valid for the job ${job.id}`,
      );
    }
    if (job.status === "Queued" || job.status === "Dispatched") {
      call.state.jobs.set(job.id, { ...job, status: "InProgress", heard: call.clock.now() });
      return { status: "InProgress" as const };
    }
    return { status: job.status };
  },
};
