/**
 * Derives the needs of each Lambda from the calls in its code, and the needs of a target's deploy role from
 * the calls made with it.
 */

import { type AdapterResources, adapters, ofTheAccount } from "#access/calls/adapters.ts";
import type { CallTable } from "#access/calls/call-table.ts";
import { iamActions } from "#access/calls/iam-actions.ts";
import type { PortCall } from "#access/calls/port-calls.ts";
import { inFurtherRegion } from "#access/resource.ts";
import { functions, roles } from "#release/names/deployed-names.ts";
import { everywhere, type Need } from "./need.ts";

/** `names`: the roles there are. */
export const lambdaNeeds = (calls: CallTable, names: readonly string[]): readonly Need[] =>
  Object.entries(functions)
    .filter(([, name]) => names.includes(name))
    .flatMap(([door, name]) => (calls[door] ?? []).flatMap((call) => needsOf(name, call, name)));

const listing = new Set(["s3:ListBucket", "s3:ListBucketVersions"]);

/** `name`: the role that calls. `by`: the Lambda or the command whose code calls. */
export function needsOf(name: string, call: PortCall, by: string): readonly Need[] {
  const resource = adapters[call.adapter];
  if (resource === undefined) {
    const missingRow = `a resource lib/access/calls/adapters.ts does not name for ${call.adapter} (add a row)`;
    return call.commands.map(({ command }) => ({
      ...{
        who: name,
        action: command,
        at: [missingRow],
        why: `${by} calls ${call.adapter}.${call.method}`,
      },
    }));
  }
  const inTarget = resource.inTarget === true || (resource.inTarget ?? []).includes(call.method);
  const who = inTarget ? roles.deploy : name;
  const why = `${by}: ${call.adapter}.${call.method}`;
  const need = (action: string, at: readonly string[]): Need => ({ who, action, at, why });
  const spread = regionsOf(resource, call.method, inTarget);
  const at = spread(
    resource.methods?.[call.method] ?? (name === functions.route ? routed(resource) : resource.at),
  );
  const bucket = resource.buckets?.[call.method] ?? resource.bucket;
  const buckets = bucket === undefined ? [] : spread([bucket]);
  const where = (action: string): readonly string[] => {
    if (ofTheAccount.has(action)) return [`all of ${action.split(":")[0]}`];
    return listing.has(action) ? buckets : at;
  };
  return [
    ...call.commands.flatMap((sent) => [
      ...iamActions(sent).map((name) => {
        const whole = name === "DeleteObject" && resource.removesVersions ? "DeleteObjectVersion" : name;
        const action = `${sent.service}:${whole}`;
        return need(action, where(action));
      }),
      ...(resource.also?.[sent.command] ?? []).map(([action, there]) => need(action, [there])),
      ...keyUse(sent.command).map((action) =>
        need(action, resource.key === undefined ? [] : spread([resource.key])),
      ),
    ]),
    // Without s3:ListBucket, S3 answers 403 instead of 404 for a missing object (S3 API Reference,
    // GetObject).
    ...(call.asksWhetherThere ? [need("s3:ListBucket", buckets)] : []),
    ...(inTarget ? [{ ...need("sts:AssumeRole", ["DeployRole"]), who: name }] : []),
  ].filter((each) => each.at.length > 0);
}

/** Adds the further regions that a method calls. */
function regionsOf(
  { everywhere: both, further = [] }: AdapterResources,
  method: string,
  inTarget: boolean,
): (kinds: readonly string[]) => readonly string[] {
  if (further.includes(method)) return (kinds) => kinds.map(inFurtherRegion);
  return inTarget || both ? everywhere : (kinds) => kinds;
}

/**
 * Route does not yet know the anchor of an upload: its result may belong to no tenant, and it sends to every
 * anchor's queue.
 */
const routed = (resource: AdapterResources): readonly string[] => {
  if (resource === adapters["lineRetrySqs"]) return ["Intake"];
  return resource === adapters["resultsS3"] ? ["a result", "a result for an invalid key"] : resource.at;
};

const keyUse = (command: string): readonly string[] => {
  if (/^(Get|Head)Object/.test(command)) return ["kms:Decrypt"];
  if (command === "PutObjectCommand") return ["kms:GenerateDataKey"];
  // S3 decrypts the parts of a multipart upload when it completes it, so kms:Decrypt is needed too.
  return command === "Upload" ? ["kms:GenerateDataKey", "kms:Decrypt"] : [];
};
