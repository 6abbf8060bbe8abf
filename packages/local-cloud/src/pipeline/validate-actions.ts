/**
 * Checks each action alone: its type, its configuration, its number of artifacts, and the members that only
 * some types may have.
 */
import type { Action, Declaration } from "./declaration.ts";
import { invalidAction, invalidStructure } from "./invalid.ts";
import type { Surroundings, TypeInfo } from "./type-info.ts";

export function validateActions(declaration: Declaration, surroundings: Surroundings): void {
  for (const { actions } of declaration.stages) {
    for (const action of actions) validateAction(declaration, action, surroundings);
  }
  for (const trigger of declaration.triggers ?? []) {
    const source = declaration.stages[0]?.actions.find(
      ({ name }) => name === trigger.gitConfiguration.sourceActionName,
    );
    if (source?.actionTypeId.provider !== "CodeStarSourceConnection") {
      throw invalidStructure("Triggers for connections must reference a CodeStarSourceConnection action.");
    }
  }
}

function validateAction(
  declaration: Declaration,
  action: Action,
  { region, actionType }: Surroundings,
): void {
  const { category, owner, provider, version } = action.actionTypeId;
  const type = actionType(action.actionTypeId);
  if (type === undefined) {
    throw invalidAction(
      `ActionType (Category: '${category}', Provider: '${provider}', Owner: '${owner}', Version: '${version}') in action '${action.name}' is not available in region '${region.toUpperCase().replaceAll("-", "_")}'`,
    );
  }
  if (type.v2 && declaration.pipelineType !== "V2") {
    throw invalidAction(`${provider} Action can only be used with V2 pipelines.`);
  }
  validateConfiguration(action, type);
  validateCounts(action, type);
  const { commands, outputVariables, outputArtifacts } = action;
  const listsFiles = outputArtifacts.some(({ files }) => (files?.length ?? 0) > 0);
  if (category === "Compute") {
    if ((commands?.length ?? 0) === 0)
      throw invalidAction(`Action ${action.name} must have a non-empty commands field`);
  } else if (commands !== undefined || outputVariables !== undefined || listsFiles) {
    throw invalidAction(
      `The following action cannot contain a commands field: ${action.name}. To use the commands field, use a compute action.`,
    );
  }
  if (action.region !== undefined && action.region !== region && (category === "Source" || owner !== "AWS")) {
    throw invalidAction(
      `Action ${action.name} cannot be a cross-region action: source, third-party and custom actions run in the pipeline's region`,
    );
  }
  if (action.roleArn !== undefined && owner !== "AWS") {
    throw invalidAction(`Action ${action.name} cannot have a roleArn: only actions with owner AWS can`);
  }
}

export function validateConfiguration(
  subject: {
    readonly name: string;
    readonly configuration: Readonly<Record<string, string>>;
    readonly inputArtifacts: readonly { readonly name: string }[];
  },
  type: TypeInfo,
  kind: "Action" | "Rule" = "Action",
): void {
  const given = subject.configuration;
  const where = `${kind} configuration for ${kind.toLowerCase()} '${subject.name}'`;
  for (const [name, property] of Object.entries(type.properties ?? {})) {
    if (property.required && given[name] === undefined) {
      throw invalidAction(`${where} is missing required configuration '${name}'`);
    }
  }
  for (const name of Object.keys(given)) {
    if (type.properties !== undefined && type.properties[name] === undefined) {
      throw invalidAction(`${where} contains unknown configuration '${name}'`);
    }
  }
  const wrong = type.check?.(
    given,
    subject.inputArtifacts.map(({ name }) => name),
  );
  if (wrong !== undefined) throw invalidAction(`${where} is invalid: ${wrong}`);
}

function validateCounts(action: Action, type: TypeInfo): void {
  for (const [kind, count, [min, max]] of [
    ["input", action.inputArtifacts.length, type.inputs],
    ["output", action.outputArtifacts.length, type.outputs],
  ] as const) {
    if (count < min) {
      throw invalidAction(
        `Action ${action.name} declares ${count} ${kind} artifacts which is less than the minimum count (${min})`,
      );
    }
    if (count > max) {
      throw invalidAction(
        `Action ${action.name} declares ${count} ${kind} artifacts which is more than the maximum count (${max})`,
      );
    }
  }
}
