/** The stages every template of CloudFormation stacks has: source, package, then one stage for each environment. */
import type { Manifest } from "./manifest.ts";
import {
  appStackName,
  artifactNames,
  cacheKeys,
  lineName,
  outputsNamespace,
  packageNamespace,
  pipelineName,
} from "./names.ts";
import { type Action, actionNames, type Plan, type Stage } from "./plan.ts";
import type { Target } from "./targets.ts";
import type { PlanRequest } from "./template.ts";

const changeSetName = "kedge";

export function stackPlan(request: PlanRequest): Plan {
  const { line, targets, settings, template } = request;
  const { release, packaged } = artifactNames;
  const source: Stage = {
    name: "Source",
    actions: [
      {
        type: "source",
        name: actionNames.source,
        order: 1,
        bucket: settings.cacheBucket,
        key: cacheKeys.bundle(lineName(line)),
        output: release,
      },
    ],
  };
  const pack: Stage = {
    name: "Package",
    actions: [
      {
        type: "package",
        name: actionNames.package,
        order: 1,
        input: release,
        output: packaged,
        namespace: packageNamespace,
      },
    ],
  };
  return {
    schema: 1,
    line,
    pipeline: pipelineName(line),
    region: settings.region,
    template,
    targets,
    stages: [source, pack, ...targets.map((target) => environmentStage(request, target))],
  };
}

function environmentStage({ line, manifest }: PlanRequest, target: Target): Stage {
  const { environment } = target;
  const stackName = appStackName(environment, line);
  const prepared = artifactNames.prepared(environment);
  const actions: Unordered[] = [
    {
      type: "prepare",
      name: actionNames.prepare,
      target,
      stackName,
      input: artifactNames.packaged,
      output: prepared,
    },
    {
      type: "change-set",
      name: actionNames.changeSet,
      target,
      stackName,
      changeSetName,
      input: prepared,
      template: `${prepared}::template.json`,
      configuration: `${prepared}::config.json`,
      capabilities: manifest.capabilities,
    },
    ...approval(target, stackName),
    {
      type: "execute",
      name: actionNames.execute,
      target,
      stackName,
      changeSetName,
      namespace: outputsNamespace(environment),
    },
    ...smokeTest(manifest, target, stackName),
  ];
  return {
    name: environment,
    environment,
    actions: actions.map((action, index) => ({ ...action, order: index + 1 })),
  };
}

/** Between change set and execution: the approver sees exactly what would be executed. */
function approval(target: Target, stackName: string): readonly Unordered[] {
  if (!target.approval) return [];
  const version = `#{${packageNamespace}.ArtifactVersion} (SHA-256 #{${packageNamespace}.Digest})`;
  const message = `Release version ${version} to ${target.environment}: executes the change set ${changeSetName} of the stack ${stackName} in account ${target.account}, which is ready to be looked at.`;
  return [
    {
      type: "approve",
      name: actionNames.approve,
      target,
      message,
      timeoutMinutes: target.approvalTimeoutMinutes,
    },
  ];
}

function smokeTest({ smoke }: Manifest, target: Target, stackName: string): readonly Unordered[] {
  if (smoke.kind === "none") return [];
  const output = artifactNames.smokeInput(target.environment);
  const input = artifactNames.release;
  return [
    { type: "smoke-input", name: actionNames.smokeInput, target, stackName, smoke, input, output },
    { type: "smoke-test", name: actionNames.smokeTest, target, input: output },
  ];
}

type Unordered = Action extends infer Each ? (Each extends Action ? Omit<Each, "order"> : never) : never;
