/** Finds the account, the ARN and the id of the credentials in use. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callerId } from "#release/names/signer.ts";
import type { OperatorConfig } from "./config.ts";

export async function callerAccount(config: OperatorConfig): Promise<string | undefined> {
  return (await identityOf(config)).Account;
}

export async function callerArn(config: OperatorConfig): Promise<string | undefined> {
  return (await identityOf(config)).Arn;
}

export async function callerPerson(config: OperatorConfig): Promise<string> {
  const { UserId = "" } = await identityOf(config);
  return callerId(UserId);
}

const identityOf = (config: OperatorConfig) => new STSClient(config).send(new GetCallerIdentityCommand({}));
