/**
 * Runs the pipeline's call action: invokes a function of the target account as the deploy role, with a
 * document of an earlier action. The function's answer becomes the action's variables. A retry of the action
 * invokes the function again, so the payload names the execution: an idempotent function can detect the
 * repetition.
 */

import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { TargetFunctions } from "#ports/target-functions.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { object, readShape, text } from "#release/document/shape.ts";
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";

type CallDeps = {
  readonly jobArtifacts: Pick<JobArtifacts, "read">;
  readonly functions: TargetFunctions;
};

/** `payload` is the path of the document in the action's input. */
const shape = object({ function: text(), payload: text() });

/** Throws `CallFailed` with the function's own error text. No message and no log contains the payload. */
export async function callFunction(deps: CallDeps, job: WorkerJob): Promise<JobAnswer> {
  const read = readShape(shape, valueTree(job.parameters));
  if ("problems" in read)
    throw new ReleaseError("ReleaseDocumentMalformed", "The action says neither function nor payload.");
  const { function: name, payload } = read.value;
  const document = documentIn(await readSmallZip(await deps.jobArtifacts.read(job.input)), payload);
  const given = { ...(JSON.parse(document) as object), execution: job.execution };
  const said = await deps.functions.call(job, name, JSON.stringify(given));
  if ("busy" in said) return { type: "later", continuation: "busy" };
  if ("answer" in said) return { type: "done", outputs: variablesIn(said.answer) };
  const where = `${job.environment} (account ${job.account}, ${job.region})`;
  throw new ReleaseError("CallFailed", `The function ${name} in ${where} failed: ${said.failed}`);
}

const longestVariable = 1000;

/** Selects the plain values of the answer whose names and lengths CodePipeline accepts. */
function variablesIn(answer: string): Readonly<Record<string, string>> {
  const value = answer === "" ? null : (JSON.parse(answer) as PlainValue);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]): [string, string][] => {
      const plain = typeof each === "string" || typeof each === "number" || typeof each === "boolean";
      const written = plain ? String(each) : "";
      const fits =
        /^[A-Za-z0-9@_-]{1,128}$/.test(name) && written !== "" && written.length <= longestVariable;
      return fits ? [[name, written]] : [];
    }),
  );
}
