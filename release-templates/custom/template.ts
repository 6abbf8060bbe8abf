/**
 * Release template `custom`: hands an artifact of any kind, unchanged, to a CodeBuild project or function of
 * the central team. Kedge recognises no such artifact by its files; the traits have to request the template.
 */

import { described, object, optional, text } from "#release/document/shape.ts";
import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import { artifactNames, cacheKeys, packageNamespace, preparedNamespace } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Unordered } from "#release/plan/plan-steps.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { type Handed, handedFile, variablesOf } from "./handed.ts";
import { type Handler, handlerFor } from "./handler.ts";
import { handlerStack, placeholder } from "./handler-stack.ts";

const name = text("a name of letters, digits, - and _", /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

const settings = object({
  project: optional(described("The CodeBuild project of the target account that takes the artifact.", name)),
  function: optional(described("The function of the target account that takes the artifact.", name)),
});

const actionName = "Handler";

export const custom: ReleaseTemplate = {
  name: "custom",
  version: "1.1.0",
  summary:
    "An artifact of any kind, handed to the project or function the central team allows in each environment.",
  rollback: { within: "minutes", by: "handing the earlier version over again" },
  settings,
  entries: [],
  detect: () => ({ fits: true, reason: "It takes any artifact." }),
  plan: (request) =>
    pipelinePlan(request, (target) => {
      const handler = handlerFor(traitsFor(request.manifest.traits, target).settings, target);
      const after = [
        handler.kind === "project" ? build(request, target, handler) : call(request, target, handler),
      ];
      return { steps: applicationStacks(request, target, { variables: true, after }) };
    }),
  assemble: async () => ({
    stacks: [{ id: "", level: 0, path: "handler.template.json", document: placeholder }],
    whole: true,
  }),
  configure: (request) => {
    const handed = handedOver(request);
    return {
      values: { "": {} },
      documents: { "": handlerStack(handlerFor(request.settings, request.target), handed) },
      files: { [handedFile]: JSON.stringify(handed) },
      variables: { App: handed.app, Branch: handed.branch, ObjectVersion: handed.objectVersion },
    };
  },
};

/** App and branch may be longer than an action's configuration, which is measured before variables are put in. */
function build({ line, settings }: PlanRequest, target: Target, { name: project }: Handler): Unordered {
  const { environment, account, region } = target;
  const prepared = preparedNamespace(environment);
  const variables = variablesOf({
    action: "deploy",
    bucket: region === settings.region ? settings.cacheBucket : cacheBucket(line.account, region),
    key: cacheKeys.asset(`#{${packageNamespace}.Digest}`, ".zip"),
    objectVersion: `#{${prepared}.ObjectVersion}`,
    digest: `#{${packageNamespace}.Digest}`,
    version: `#{${packageNamespace}.ArtifactVersion}`,
    app: `#{${prepared}.App}`,
    branch: `#{${prepared}.Branch}`,
    environment,
    account,
    region,
  });
  return {
    type: "build",
    name: actionName,
    target,
    project,
    inputs: [artifactNames.prepared(environment)],
    variables,
  };
}

const call = ({ line }: PlanRequest, target: Target, handler: Handler): Unordered => ({
  type: "worker",
  worker: "call",
  name: actionName,
  target,
  stackName: appStackName(target, line),
  input: artifactNames.prepared(target.environment),
  parameters: { function: handler.name, payload: handedFile },
});

function handedOver({ release, target, stacks, digest, assetVersions }: ConfigurationRequest): Handed {
  const { line, artifact } = release;
  const key = cacheKeys.asset(digest, ".zip");
  return {
    action: "deploy",
    bucket: bucketIn(stacks[0]?.document),
    key,
    objectVersion: assetVersions?.[key] ?? "",
    digest,
    version: artifact.versionId,
    app: line.app,
    branch: line.branch,
    environment: target.environment,
    account: target.account,
    region: target.region,
  };
}

function bucketIn(document: TemplateDocument | undefined): string {
  const resources = document?.["Resources"];
  const location = isObject(resources) ? resources["Place"] : undefined;
  const metadata = isObject(location) ? location["Metadata"] : undefined;
  return isObject(metadata) ? String(metadata["Bucket"]) : "";
}
