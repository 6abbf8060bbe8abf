/** The calls of a person who signs: the caller's own path in the keys of proposals, and the Lambda that publishes. */
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { functions } from "#release/names/deployed-names.ts";
import { signerPath, ssoRoleName } from "#release/names/signer.ts";

export async function ownSignerPath(sts: STSClient): Promise<string> {
  const { UserId: userId = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  const kind = ssoRoleName.test(Arn.split("/")[1] ?? "") ? "sso" : "principal";
  return signerPath({ kind, userId });
}

/** Answers `refused` when the function fails. The caller names the type of the other answers. */
export async function invokePublish<Answer>(
  lambda: LambdaClient,
  order: object,
): Promise<Answer | { readonly state: "refused"; readonly why: string }> {
  const command = new InvokeCommand({ FunctionName: functions.publish, Payload: JSON.stringify(order) });
  const { FunctionError, Payload } = await lambda.send(command);
  const answer = JSON.parse(new TextDecoder().decode(Payload)) as unknown;
  if (FunctionError === undefined) return answer as Answer;
  const { errorType, errorMessage } = answer as { errorType?: string; errorMessage?: string };
  return { state: "refused", why: `${functions.publish} failed: ${errorType}: ${errorMessage}` };
}
