/**
 * Implements CreatePipeline, UpdatePipeline and DeletePipeline. The first two check the declaration, assume
 * its roles once as a test, and store the declaration by version.
 */
import { randomUUID } from "node:crypto";
import type { PipelineDeclaration, Tag } from "@aws-sdk/client-codepipeline";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { complete } from "#cloud/pipeline/complete.ts";
import type { Declaration } from "#cloud/pipeline/declaration.ts";
import { invalidStructure } from "#cloud/pipeline/invalid.ts";
import { validate } from "#cloud/pipeline/validate.ts";
import { access, findPipeline } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { watchSources } from "./polling.ts";
import { assumeActionRole, assumePipelineRole } from "./roles.ts";
import { engineOf } from "./run.ts";
import { callerOf, defaults } from "./start-defaults.ts";
import type { CodePipelineState } from "./state.ts";
import { checkTags, tagContext } from "./tags.ts";
import { validationContext } from "./types.ts";

type CodePipelineCall = Call<CodePipelineState>;

const PIPELINES = 1000;

const passRole = (pipeline: PipelineDeclaration | undefined): AccessRequest => ({
  action: "iam:PassRole",
  resource: pipeline?.roleArn ?? "",
  context: { "iam:PassedToService": "codepipeline.amazonaws.com" },
});

export const createPipeline: CodePipelineOperation<"CreatePipeline"> = {
  access: ({ pipeline, tags }, call) => [
    { ...access(call, "CreatePipeline", pipeline?.name), context: tagContext(tags) },
    passRole(pipeline),
  ],
  run: async ({ pipeline, tags }, call) => {
    const declaration = await check(call, pipeline, 1);
    const { name } = declaration;
    if (call.state.pipelines.has(name)) {
      throw new AwsError(
        "PipelineNameInUseException",
        `A pipeline with the name '${name}' already exists in account '${call.account}'`,
      );
    }
    if (call.state.pipelines.size >= PIPELINES) {
      throw new AwsError(
        "LimitExceededException",
        `The number of pipelines has reached the limit of ${PIPELINES} for account '${call.account}'`,
      );
    }
    const given: readonly Tag[] = tags ?? [];
    checkTags(given, {});
    const now = call.clock.now();
    call.state.pipelines.set(name, {
      declaration,
      created: now,
      updated: now,
      tags: Object.fromEntries(given.map(({ key = "", value = "" }) => [key, value])),
    });
    const engine = engineOf(call);
    const line = { account: call.account, region: call.region, pipeline: name };
    engine.drive(line, {
      kind: "start",
      id: randomUUID(),
      trigger: { triggerType: "CreatePipeline", triggerDetail: callerOf(call) },
      variables: defaults(declaration),
      sourceRevisions: [],
    });
    watchSources(engine, line);
    return { pipeline: toSdkDeclaration(declaration), tags: [...given] };
  },
};

export const updatePipeline: CodePipelineOperation<"UpdatePipeline"> = {
  access: ({ pipeline }, call) => [access(call, "UpdatePipeline", pipeline?.name), passRole(pipeline)],
  run: async ({ pipeline }, call) => {
    const known = call.state.pipelines.get(pipeline?.name ?? "");
    // AWS answers PipelineNotFoundException here, although UpdatePipeline's service model does not list it.
    const { declaration: before } = known ?? findPipeline(call, pipeline?.name);
    const declaration = await check(call, pipeline, before.version + 1, before.pipelineType);
    const { name } = declaration;
    const row = findPipeline(call, name);
    call.state.versions.set(`${name}@${row.declaration.version}`, row.declaration);
    const line = { account: call.account, region: call.region, pipeline: name };
    const engine = engineOf(call);
    // The engine must still see the old version, because it cancels the executions of that version.
    engine.drive(line, { kind: "update", declaration });
    call.state.pipelines.set(name, { ...row, declaration, updated: call.clock.now() });
    watchSources(engine, line);
    return { pipeline: toSdkDeclaration(declaration) };
  },
};

export const deletePipeline: CodePipelineOperation<"DeletePipeline"> = {
  access: ({ name }, call) => access(call, "DeletePipeline", name),
  run: ({ name = "" }, { state }) => {
    state.pipelines.delete(name);
    state.boards.delete(name);
    state.executions(name).clear();
    for (const table of [state.versions, state.tokens, state.polled]) {
      for (const key of [...table.keys()]) {
        if (key.startsWith(`${name}@`) || key.startsWith(`${name}/`)) table.delete(key);
      }
    }
    for (const job of [...state.jobs.values()]) if (job.pipeline === name) state.jobs.delete(job.id);
    return {};
  },
};

/** `Declaration` is the SDK's type with read-only members. */
export const toSdkDeclaration = (declaration: Declaration): PipelineDeclaration =>
  declaration as unknown as PipelineDeclaration;

/**
 * Checks a declaration and assumes its roles, so that a wrong role is rejected here and not at the first run.
 */
async function check(
  call: CodePipelineCall,
  pipeline: PipelineDeclaration | undefined,
  version: number,
  previousType?: "V1" | "V2",
): Promise<Declaration> {
  const declaration = complete(pipeline ?? {}, version, previousType);
  validate(declaration, validationContext(call.state, call.region));
  const line = { account: call.account, region: call.region, pipeline: declaration.name };
  try {
    const role = await assumePipelineRole(call, line, declaration.roleArn);
    const actionRoles = declaration.stages.flatMap(({ actions }) =>
      actions.flatMap(({ roleArn }) => roleArn ?? []),
    );
    for (const roleArn of new Set(actionRoles)) {
      try {
        await assumeActionRole(call, line, role, roleArn);
      } catch (error) {
        if (!isDenied(error)) throw error;
        throw invalidStructure(
          `${declaration.roleArn} is not authorized to perform AssumeRole on role ${roleArn}`,
        );
      }
    }
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw invalidStructure(
      `CodePipeline is not authorized to perform AssumeRole on role ${declaration.roleArn}`,
    );
  }
  return declaration;
}

const isDenied = (error: unknown): boolean =>
  isAwsError(error, "AccessDenied", "AccessDeniedException", "NoSuchEntity", "ValidationError");
