/** The steps that deploy an application's CloudFormation stacks into one environment, from fitting to testing. */
import {
  artifactNames,
  changeSetName,
  outputsNamespace,
  packageNamespace,
  preparedNamespace,
  smokeBuildName,
} from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { Target } from "#release/traits/targets.ts";
import { clearanceVariable } from "./gate.ts";
import { type ApproveAction, actionNames } from "./plan.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { Steps, Unordered } from "./plan-steps.ts";

/** CodePipeline inserts the execution, so no other execution executes or replaces the change set. */
const changeSetOfExecution = changeSetName("#{codepipeline.PipelineExecutionId}");

/** A stack of the application, as the plan has to know it before its template is made. */
type PlannedStack = { readonly id: string; readonly level: number };

export type StackOptions = {
  /** The stacks of the application; one stack by default. */
  readonly stacks?: readonly PlannedStack[];
  /** Steps between the approval and the first deployment, and those between the last and the test. */
  readonly before?: Steps;
  readonly after?: Steps;
  /** True if later actions use the configuration's variables. */
  readonly variables?: true;
  /**
   * Steps that plan take the place of the change sets before the approval; `what` is the approval's text. The
   * change sets follow the approval, so a refused release leaves no stack behind.
   */
  readonly planned?: { readonly steps: Steps; readonly what: string };
};

type Request = Pick<PlanRequest, "line" | "manifest">;

const onlyStack: readonly PlannedStack[] = [{ id: "", level: 0 }];

/**
 * A gated environment prepares, asks, and executes the approved change sets. An environment without an approval makes
 * and executes its change sets with CodePipeline's own actions, level by level.
 */
export function applicationStacks(request: Request, target: Target, options: StackOptions = {}): Steps {
  const { stacks = onlyStack, before = [], after = [], variables, planned } = options;
  if (target.approval && planned === undefined) {
    return [
      prepare(request, target, { gated: true }),
      ...approval(target),
      ...before,
      executeCleared(request, target),
      ...after,
      ...smokeTest(request, target),
    ];
  }
  const levels = [...new Set(stacks.map(({ level }) => level))].sort((a, b) => a - b);
  const at = (wanted: number) => stacks.filter(({ level }) => level === wanted);
  const [first = 0, ...later] = levels;
  return [
    prepare(request, target, { ...(variables && { variables }) }),
    ...(planned === undefined ? [] : [...planned.steps, ...approve(target, planned.what)]),
    at(first).map(({ id }) => changeSet(request, target, id)),
    ...before,
    at(first).map(({ id }) => execute(request, target, id)),
    ...later.flatMap((level) => [
      at(level).map(({ id }) => changeSet(request, target, id)),
      at(level).map(({ id }) => execute(request, target, id)),
    ]),
    ...after,
    ...smokeTest(request, target),
  ];
}

/** An action's name in an application of several stacks. */
const actionOf = (name: string, id: string): string => (id === "" ? name : `${name}-${id}`);

/**
 * The id of the stack an action executed the change set of, or deployed; undefined for other actions. The one
 * `Execute` of a gated environment reports the stack in its own message.
 */
export function stackDeployedBy(action: string): string | undefined {
  if (action === actionNames.execute) return "";
  if (action.startsWith("Deploy-")) return "";
  return action.startsWith(`${actionNames.execute}-`)
    ? action.slice(actionNames.execute.length + 1)
    : undefined;
}

/** Names of documents in the output of Prepare. */
export const preparedFiles = {
  template: (id: string): string => (id === "" ? "template.json" : `${id}.template.json`),
  configuration: (name: string): string => (name === "" ? "config.json" : `${name}.config.json`),
} as const;

function prepare(
  { line }: Request,
  target: Target,
  { gated, variables }: { readonly gated?: true; readonly variables?: true },
): Unordered {
  const { environment } = target;
  return {
    type: "prepare",
    name: actionNames.prepare,
    target,
    stackName: appStackName(target, line),
    input: artifactNames.packaged,
    output: artifactNames.prepared(environment),
    ...((gated || variables) && { namespace: preparedNamespace(environment) }),
    ...(gated && { gated }),
  };
}

function executeCleared({ line }: Request, target: Target): Unordered {
  const { environment } = target;
  return {
    type: "execute-cleared",
    name: actionNames.execute,
    target,
    stackName: appStackName(target, line),
    input: artifactNames.prepared(environment),
    namespace: outputsNamespace(environment),
    clearance: clearanceVariable(environment, "digest"),
    review: clearanceVariable(environment, "review"),
  };
}

function changeSet({ line, manifest }: Request, target: Target, id: string): Unordered {
  const prepared = artifactNames.prepared(target.environment);
  return {
    type: "change-set",
    name: actionOf(actionNames.changeSet, id),
    target,
    stackName: appStackName(target, line, id),
    changeSetName: changeSetOfExecution,
    input: prepared,
    template: `${prepared}::${preparedFiles.template(id)}`,
    configuration: `${prepared}::${preparedFiles.configuration(id)}`,
    capabilities: manifest.capabilities,
  };
}

/** The stack of an application of one, updated once more with another configuration. */
export function deploy({ line, manifest }: Request, target: Target, step: string): Unordered {
  const prepared = artifactNames.prepared(target.environment);
  return {
    type: "deploy",
    name: actionOf("Deploy", step),
    target,
    stackName: appStackName(target, line),
    input: prepared,
    template: `${prepared}::${preparedFiles.template("")}`,
    configuration: `${prepared}::${preparedFiles.configuration(step)}`,
    capabilities: manifest.capabilities,
  };
}

function execute({ line }: Request, target: Target, id: string): Unordered {
  return {
    type: "execute",
    name: actionOf(actionNames.execute, id),
    target,
    stackName: appStackName(target, line, id),
    changeSetName: changeSetOfExecution,
    namespace: actionOf(outputsNamespace(target.environment), id),
  };
}

/** The approval shows the changes and the digest of the clearance, which binds every execution after it. */
function approval(target: Target): Steps {
  const { environment, account } = target;
  const changes = clearanceVariable(environment, "changes");
  const digest = clearanceVariable(environment, "digest");
  return approve(target, `${changes} Account ${account}. Digest ${digest}.`, {
    brief: `${environment}: ${changes} Digest ${digest}.`,
    link: clearanceVariable(environment, "link"),
  });
}

/** `what` completes "Release version … to prod: …". */
function approve(target: Target, what: string, shown: Pick<ApproveAction, "brief" | "link"> = {}): Steps {
  if (!target.approval) return [];
  const version = `#{${packageNamespace}.ArtifactVersion} (SHA-256 #{${packageNamespace}.Digest})`;
  return [
    {
      type: "approve",
      name: actionNames.approve,
      target,
      message: `Release version ${version} to ${target.environment}: ${what}`,
      ...shown,
      timeoutMinutes: target.approvalTimeoutMinutes,
    },
  ];
}

function smokeTest({ line, manifest }: Request, target: Target): Steps {
  const { smoke } = manifest;
  if (smoke.kind === "none") return [];
  const output = artifactNames.smokeInput(target.environment);
  const stackName = appStackName(target, line);
  const input = artifactNames.release;
  return [
    { type: "smoke-input", name: actionNames.smokeInput, target, stackName, smoke, input, output },
    {
      ...{ type: "smoke-test", name: actionNames.smokeTest, target, input: output },
      project: smokeBuildName(line),
    },
  ];
}
