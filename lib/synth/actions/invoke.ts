/**
 * Renders the Lambda actions. A job event does not contain the execution id, so the action's parameters do.
 */
import { functions } from "#release/names/deployed-names.ts";
import type {
  ExecuteClearedAction,
  PackageAction,
  PrepareAction,
  SmokeInputAction,
  WorkerAction,
} from "#release/plan/plan.ts";
import type { Target } from "#release/traits/targets.ts";
import { type ActionDeclaration, artifact, aws, executionId } from "#synth/setting.ts";

type Invocation = {
  readonly name: string;
  readonly order: number;
  readonly input: string;
  readonly output?: string;
  readonly namespace?: string;
};

const invoke = (
  action: Invocation,
  functionName: string,
  parameters: Readonly<Record<string, unknown>>,
): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Invoke", "Lambda"),
  configuration: {
    FunctionName: functionName,
    UserParameters: JSON.stringify({ execution: executionId, ...parameters }),
  },
  inputArtifacts: [artifact(action.input)],
  ...(action.output !== undefined && { outputArtifacts: [artifact(action.output)] }),
  ...(action.namespace !== undefined && { namespace: action.namespace }),
});

/** The parameters of every action that works for one environment. */
const inEnvironment = ({ target, stackName }: Pick<PrepareAction, "target" | "stackName">) => ({
  environment: target.environment,
  account: target.account,
  region: target.region,
  stack: stackName,
});

/** The Execute Lambda compares the people of a release before it changes the environment. */
const duties = ({ separateDuties }: Target) => (separateDuties === undefined ? {} : { separateDuties });

export const renderPackage = (action: PackageAction): ActionDeclaration =>
  invoke(action, functions.package, {});

export const renderPrepare = (action: PrepareAction): ActionDeclaration =>
  invoke(action, functions.prepare, {
    ...inEnvironment(action),
    ...(action.gated && { gated: true }),
  });

export const renderExecuteCleared = (action: ExecuteClearedAction): ActionDeclaration =>
  invoke(action, functions.execute, {
    ...inEnvironment(action),
    clearance: action.clearance,
    review: action.review,
    ...duties(action.target),
  });

export const renderWorker = (action: WorkerAction): ActionDeclaration =>
  invoke(action, functions[action.worker], {
    ...inEnvironment(action),
    ...action.parameters,
    ...(action.worker === "execute" && duties(action.target)),
  });

export const renderSmokeInput = (action: SmokeInputAction): ActionDeclaration =>
  invoke(action, functions.smoke, inEnvironment(action));
