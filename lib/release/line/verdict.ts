/** Derives the status of a version from its execution, with a sentence for the uploader. */
import { stageOf, waitsBefore, waitsForApproval } from "./executions.ts";
import { failureOf, reason } from "./failure.ts";
import type { Execution, Observation } from "./observation.ts";
import type { Reason, Result, ResultStatus } from "./result.ts";

export type Verdict = {
  readonly status: ResultStatus;
  readonly reason: Reason;
  readonly waiting?: NonNullable<Result["waiting"]>;
};

export const releasing = (code: Reason["code"], sentence: string): Verdict => ({
  status: "releasing",
  reason: { code, sentence },
});

export const overtaken = (by: string): Verdict => ({
  status: "superseded",
  reason: { code: "Superseded", sentence: `The newer version ${by} came before this one was released.` },
});

export function verdictOn(observation: Observation, execution: Execution): Verdict {
  switch (execution.status) {
    case "Succeeded":
      return succeeded(observation, execution);
    case "Failed":
      return { status: "failed", reason: failureOf(execution) };
    case "Superseded":
      return overtaken(observation.artifact?.versionId ?? "");
    case "Stopped":
    case "Cancelled": {
      const why = execution.stopReason === undefined ? "" : ` The reason given: ${execution.stopReason}`;
      const sentence = `The execution ${execution.id} was ${execution.status.toLowerCase()}.${why}`;
      return { status: "failed", reason: reason("ExecutionStopped", sentence) };
    }
    case "Stopping":
      return releasing("Deploying", "The execution is being stopped.");
    case "InProgress":
      return underWay(observation, execution.id);
  }
}

/**
 * A success of the execution says that each environment had the version. Only its stacks tell that the version is
 * still there: a stack can be changed or deleted while a later environment waits for its approval. A newer execution
 * of the line may also have begun in an environment that this one has left, and that is no fault.
 */
function succeeded({ deployed = [], executions }: Observation, { id, versionId }: Execution): Verdict {
  const newer = new Set(
    executions
      .slice(
        0,
        executions.findIndex((each) => each.id === id),
      )
      .map((each) => each.versionId),
  );
  const others = deployed.filter(({ version }) => version !== versionId);
  const replaced = others.filter(({ version }) => version === undefined || !newer.has(version));
  if (replaced.length > 0) {
    const seen = replaced.map(({ environment, stack, version }) =>
      version === undefined
        ? `${environment} has no stack ${stack}`
        : `the stack ${stack} in ${environment} has the version ${version}`,
    );
    const sentence = `The execution ${id} succeeded, but ${seen.join(", and ")}.`;
    return { status: "failed", reason: reason("VersionReplaced", sentence) };
  }
  const names = (some: typeof deployed): string =>
    [...new Set(some.map(({ environment }) => environment))].join(", ");
  const kept = names(deployed.filter(({ version }) => version === versionId));
  const sentence = [
    `The execution ${id} succeeded${kept === "" ? " in every environment" : `, and these environments have the version: ${kept}`}.`,
    ...(others.length === 0 ? [] : [`A newer version of the line is already in: ${names(others)}.`]),
  ].join(" ");
  return { status: "released", reason: { code: "Released", sentence } };
}

function underWay(observation: Observation, id: string): Verdict {
  const stage = stageOf(observation, id);
  if (waitsForApproval(observation, id)) {
    const sentence = `${stage?.name}: the change set is ready and waits for an approval.`;
    return { status: "waiting-for-approval", reason: { code: "WaitingForApproval", sentence } };
  }
  const before = waitsBefore(observation, id);
  if (before !== undefined && !before.inbound.enabled) {
    const why = before.inbound.reason ?? "no reason given";
    return releasing("Deploying", `Waits before ${before.name}, whose transition is disabled: ${why}.`);
  }
  if (before !== undefined)
    return releasing("Deploying", `Waits before ${before.name} until an older version leaves it.`);
  const atWork = stage?.actions.filter(({ status }) => status === "InProgress").map(({ name }) => name) ?? [];
  if (stage === undefined) return releasing("Deploying", "The execution is under way.");
  return releasing(
    "Deploying",
    atWork.length === 0 ? `In ${stage.name}.` : `In ${stage.name}: ${atWork.join(", ")}.`,
  );
}
