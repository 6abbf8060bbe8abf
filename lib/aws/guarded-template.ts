/**
 * Guards the functions of a release template, so they cannot hang or break the Lambda that calls them: each
 * gets a few seconds, and every error except a rejection becomes `TemplateFailed`. The cloud team writes the
 * modules, but mistakes happen.
 */
import { createContext, Script } from "node:vm";
import { ReleaseError } from "#release/errors/errors.ts";
import { checkPlan } from "#release/plan/plan-limits.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template/template.ts";
import { templateLabel } from "#release/template/template-index.ts";

const ordinarilyMs = 5000;

/** Only the Lambda's own timeout limits the code after an `await` in `assemble`. */
export function guarded({ template, ref }: LoadedTemplate, allowedMs = ordinarilyMs): LoadedTemplate {
  const label = templateLabel(ref);
  const within =
    <Inputs extends readonly unknown[], Output>(name: string, work: (...inputs: Inputs) => Output) =>
    (...inputs: Inputs): Output => {
      try {
        return inTime(() => work(...inputs), allowedMs);
      } catch (error) {
        throw failed(label, name, error);
      }
    };
  const { detect, plan, reads, describe, assemble, configure } = template;
  const safe: ReleaseTemplate = {
    ...template,
    detect: within("detect", detect),
    plan: within("plan", (request) => checkPlan(plan(request))),
    ...(reads && { reads: within("reads", reads) }),
    ...(describe && { describe: within("describe", describe) }),
    ...(configure && { configure: within("configure", configure) }),
    ...(assemble && {
      assemble: (request) =>
        within(
          "assemble",
          assemble,
        )(request).catch((error: unknown) => {
          throw failed(label, "assemble", error);
        }),
    }),
  };
  return { template: safe, ref };
}

const script = new Script("run()");

/** The watchdog of node:vm stops any code on this thread, wherever it was compiled. */
function inTime<Output>(work: () => Output, timeout: number): Output {
  const done: Output[] = [];
  const run = (): void => void done.push(work());
  script.runInContext(createContext({ run }), { timeout });
  return done[0] as Output;
}

function failed(label: string, step: string, error: unknown): unknown {
  if (error instanceof ReleaseError || isOfAws(error)) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new ReleaseError("TemplateFailed", `${label} failed in its ${step}: ${words}`, error);
}

/** A template's function reads the artifact from S3, whose errors may pass with time. */
const isOfAws = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "$metadata" in error;
