/** Looks up dynamic references (`{{resolve:…}}`) as the stack's role, just before a resource uses them. */
import { type DynamicReference, resolveDynamic } from "#cloud/cloudformation/dynamic-references.ts";
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { Worker } from "./worker.ts";

export async function resolveReferences(properties: JsonObject, worker: Worker): Promise<JsonObject> {
  const value = await resolveDynamic(properties, (reference) => lookUp(reference, worker));
  return isObject(value) ? value : properties;
}

async function lookUp(reference: DynamicReference, worker: Worker): Promise<string> {
  const call = <Result>(
    service: string,
    operation: string,
    input: unknown,
    region = worker.location.region,
  ): Promise<Result> =>
    worker.location.cloud.invoke<Result>({
      service,
      operation,
      input,
      principal: worker.principal,
      account: worker.location.account,
      region,
    });
  if (reference.service === "secretsmanager") {
    const answer = await call<{ SecretString?: string }>("secretsmanager", "GetSecretValue", {
      SecretId: reference.secretId,
      ...(reference.versionId && { VersionId: reference.versionId }),
      ...(reference.versionStage && { VersionStage: reference.versionStage }),
    });
    const text = answer.SecretString ?? "";
    return reference.jsonKey === undefined ? text : jsonKey(text, reference.jsonKey, reference.secretId);
  }
  const name = reference.version === undefined ? reference.name : `${reference.name}:${reference.version}`;
  const answer = await call<{ Parameters?: readonly { Value?: string; Type?: string }[] }>(
    "ssm",
    "GetParameters",
    {
      Names: [name],
      WithDecryption: reference.service === "ssm-secure",
    },
  );
  const [found] = answer.Parameters ?? [];
  if (found?.Value === undefined) {
    throw validationError(`Parameters: [${reference.service}:${name}] could not be found.`);
  }
  if (reference.service === "ssm" && found.Type === "SecureString") {
    throw validationError(`SSM Secure reference is not supported in: [${name}]`);
  }
  return found.Value;
}

function jsonKey(text: string, key: string, secretId: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw validationError(`Could not parse SecretString JSON of ${secretId}`);
  }
  const value = isObject(parsed) ? parsed[key] : undefined;
  if (value === undefined)
    throw validationError(`Could not find a value associated with JSONKey in SecretString`);
  return typeof value === "string" ? value : JSON.stringify(value);
}
