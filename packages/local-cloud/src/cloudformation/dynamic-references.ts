/** Finds `{{resolve:service:…}}` in property values and parses each reference. */
import { isList, isObject, type Json, mapStrings } from "./json.ts";
import { validationError } from "./template-error.ts";

export type DynamicReference =
  | { readonly service: "ssm" | "ssm-secure"; readonly name: string; readonly version?: string }
  | {
      readonly service: "secretsmanager";
      readonly secretId: string;
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    };

const pattern = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*)\}\}/g;

function parseReference(service: string, rest: string): DynamicReference {
  if (service === "secretsmanager") {
    // A secret's ARN has seven parts of its own.
    const parts = rest.split(":");
    const idLength = rest.startsWith("arn:") ? 7 : 1;
    const secretId = parts.slice(0, idLength).join(":");
    const [kind, jsonKey, versionStage, versionId] = parts.slice(idLength);
    if (kind !== undefined && kind !== "" && kind !== "SecretString") {
      throw validationError(
        `Secrets Manager dynamic reference must be a SecretString, found ${kind}: {{resolve:secretsmanager:${rest}}}`,
      );
    }
    return {
      service,
      secretId,
      ...(jsonKey ? { jsonKey } : {}),
      ...(versionStage ? { versionStage } : {}),
      ...(versionId ? { versionId } : {}),
    };
  }
  const [name = "", version] = rest.split(":");
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || (version !== undefined && !/^\d+$/.test(version))) {
    throw validationError(
      `Incorrect format is used in the following SSM reference: [{{resolve:${service}:${rest}}}]`,
    );
  }
  return { service: service === "ssm" ? "ssm" : "ssm-secure", name, ...(version ? { version } : {}) };
}

/** Returns every reference text in a value, once. */
function dynamicReferencesIn(value: Json): readonly string[] {
  if (typeof value === "string")
    return value.includes("{{resolve:") ? [...value.matchAll(pattern)].map((match) => match[0]) : [];
  if (isList(value)) return [...new Set(value.flatMap(dynamicReferencesIn))];
  return isObject(value) ? [...new Set(Object.values(value).flatMap(dynamicReferencesIn))] : [];
}

/** Replaces each reference by the result of `lookUp`. */
export async function resolveDynamic(
  value: Json,
  lookUp: (reference: DynamicReference) => Promise<string>,
): Promise<Json> {
  const texts = dynamicReferencesIn(value);
  if (texts.length === 0) return value;
  const found = new Map<string, string>();
  for (const text of texts) {
    const [, service = "", rest = ""] = text.match(new RegExp(pattern.source)) ?? [];
    found.set(text, await lookUp(parseReference(service, rest)));
  }
  return mapStrings(value, (text) => text.replace(pattern, (whole) => found.get(whole) ?? whole));
}
