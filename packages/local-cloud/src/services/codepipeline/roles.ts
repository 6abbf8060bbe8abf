/**
 * Assumes the roles of a run: CodePipeline assumes the pipeline's role, and that role assumes the action's
 * role.
 */
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import { type RoleSession, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Context, Line } from "./engine.ts";
import { pipelineArn } from "./names.ts";

export type Worker = { readonly session: RoleSession; readonly credentials: Credentials };

const servicePrincipalOf = (line: Line) =>
  servicePrincipal("codepipeline.amazonaws.com", {
    sourceAccount: line.account,
    sourceArn: pipelineArn(line, line.pipeline),
  });

const sessionName = (line: Line): string => line.pipeline.slice(0, 64);

export const assumePipelineRole = (
  { cloud }: Pick<Context, "cloud">,
  line: Line,
  roleArn: string,
): Promise<Worker> =>
  cloud.assumeRole({
    roleArn,
    sessionName: sessionName(line),
    principal: servicePrincipalOf(line),
    region: line.region,
  });

export const assumeActionRole = (
  { cloud }: Pick<Context, "cloud">,
  line: Line,
  pipeline: Worker,
  roleArn: string | undefined,
): Promise<Worker> =>
  roleArn === undefined
    ? Promise.resolve(pipeline)
    : cloud.assumeRole({
        roleArn,
        sessionName: sessionName(line),
        principal: pipeline.session,
        region: line.region,
      });

/** Issues credentials of the pipeline's role, limited by the session policy `policy`. */
export async function issueLimitedCredentials(
  { cloud }: Context,
  line: Line,
  roleArn: string,
  policy: string,
) {
  const { Credentials: issued } = await cloud.invoke<{
    Credentials?: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string };
  }>({
    service: "sts",
    operation: "AssumeRole",
    input: { RoleArn: roleArn, RoleSessionName: sessionName(line), Policy: policy },
    principal: servicePrincipalOf(line),
    account: roleArn.split(":")[4] ?? line.account,
    region: line.region,
  });
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
}
