/** Finds the account and the id of the credentials in use. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callerId } from "#release/names/signer.ts";
import type { OperatorConfig } from "./config.ts";

export async function callerAccount(config: OperatorConfig): Promise<string | undefined> {
  return (await new STSClient(config).send(new GetCallerIdentityCommand({}))).Account;
}

export async function callerPerson(config: OperatorConfig): Promise<string> {
  const { UserId = "" } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  return callerId(UserId);
}
