/** Resolves the variables in an action's configuration, commands and environment. */
import type { Job } from "#cloud/action-providers/provider.ts";
import { resolveConfiguration, resolveText, type Scope } from "#cloud/pipeline/variables.ts";
import { configurationError } from "./configuration-error.ts";
import type { Found } from "./find-run.ts";

type Resolved = Pick<Job, "configuration" | "commands" | "environmentVariables">;

/** A reference to a variable without a value fails the action before it runs. */
export function resolveRun({ execution, declared, run }: Found): Resolved {
  const scope: Scope = {
    ...execution.namespaces,
    variables: { ...execution.namespaces["variables"], ...execution.variables },
    codepipeline: { PipelineExecutionId: execution.id },
  };
  const { configuration, missing } = resolveConfiguration(
    run.details.resolvedConfiguration ?? declared.configuration,
    run.details.resolvedConfiguration === undefined ? scope : {},
  );
  const unknown = run.details.resolvedConfiguration === undefined ? [...missing] : [];
  const text = (value: string): string => {
    const result = resolveText(value, scope);
    unknown.push(...result.missing);
    return result.text;
  };
  const commands = (declared.commands ?? []).map(text);
  const environmentVariables =
    "environmentVariables" in declared
      ? (declared.environmentVariables ?? []).map((variable) => ({
          ...variable,
          value: text(variable.value),
        }))
      : [];
  if (unknown.length > 0) {
    throw configurationError(
      `The following variables are referenced but were not produced by a preceding action: ${[...new Set(unknown)].join(", ")}`,
    );
  }
  return { configuration, commands, environmentVariables };
}
