/** Finds the account of the credentials in use. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { OperatorConfig } from "./config.ts";

export async function callerAccount(config: OperatorConfig): Promise<string | undefined> {
  return (await new STSClient(config).send(new GetCallerIdentityCommand({}))).Account;
}
