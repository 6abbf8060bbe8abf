/** What the Lambdas' own code calls, door by door, and what of it is done as the deploy role of a target. */

import { type AdapterPlace, adapters, ofTheAccount } from "#access/calls/adapters.ts";
import { iamActions } from "#access/calls/iam-actions.ts";
import { type PortCall, portCalls } from "#access/calls/port-calls.ts";
import { doorSource } from "#access/calls/source.ts";
import { inFurtherRegion } from "#access/place.ts";
import { functions, roles } from "#release/names/deployed-names.ts";
import { everywhere, type Need } from "./need.ts";

/** `root`: the folder of the sources. */
export async function lambdaNeeds(root: string, names: readonly string[]): Promise<readonly Need[]> {
  const doors = Object.entries(functions).filter(([, name]) => names.includes(name));
  const needs = await Promise.all(
    doors.map(async ([door, name]) => {
      const calls = portCalls(await doorSource(`lambdas/${door}.ts`, root));
      return calls.flatMap((call) => needsOf(name, call));
    }),
  );
  return needs.flat();
}

const listing = new Set(["s3:ListBucket", "s3:ListBucketVersions"]);

function needsOf(name: string, call: PortCall): readonly Need[] {
  const place = adapters[call.adapter];
  if (place === undefined) {
    const untold = `a place lib/access/calls/adapters.ts does not tell of ${call.adapter} (add a row)`;
    return call.commands.map(({ command }) => ({
      ...{ who: name, action: command, at: [untold], why: `its code calls ${call.adapter}.${call.method}` },
    }));
  }
  const inTarget = place.inTarget === true || (place.inTarget ?? []).includes(call.method);
  const who = inTarget ? roles.deploy : name;
  const why = `${name}: ${call.adapter}.${call.method}`;
  const need = (action: string, at: readonly string[]): Need => ({ who, action, at, why });
  const spread = regionsOf(place, call.method, inTarget);
  const at = spread(place.methods?.[call.method] ?? (name === functions.route ? routed(place) : place.at));
  const bucket = place.buckets?.[call.method] ?? place.bucket;
  const buckets = bucket === undefined ? [] : spread([bucket]);
  const where = (action: string): readonly string[] => {
    if (ofTheAccount.has(action)) return [`all of ${action.split(":")[0]}`];
    return listing.has(action) ? buckets : at;
  };
  return [
    ...call.commands.flatMap((sent) => [
      ...iamActions(sent).map((name) => {
        const whole = name === "DeleteObject" && place.removesVersions ? "DeleteObjectVersion" : name;
        const action = `${sent.service}:${whole}`;
        return need(action, where(action));
      }),
      ...(place.also?.[sent.command] ?? []).map(([action, there]) => need(action, [there])),
      ...keyUse(sent.command).map((action) =>
        need(action, place.key === undefined ? [] : spread([place.key])),
      ),
    ]),
    // Without the right to list, S3 does not tell a missing object from a forbidden one.
    ...(call.asksWhetherThere ? [need("s3:ListBucket", buckets)] : []),
    ...(inTarget ? [{ ...need("sts:AssumeRole", ["DeployRole"]), who: name }] : []),
  ].filter((each) => each.at.length > 0);
}

/** From kinds of places to the regions they are called in. */
function regionsOf(
  { everywhere: both, further = [] }: AdapterPlace,
  method: string,
  inTarget: boolean,
): (kinds: readonly string[]) => readonly string[] {
  if (further.includes(method)) return (kinds) => kinds.map(inFurtherRegion);
  return inTarget || both ? everywhere : (kinds) => kinds;
}

/** Whose an upload is, route only finds out; a result it writes may be nobody's, and its queue is any anchor's. */
const routed = (place: AdapterPlace): readonly string[] => {
  if (place === adapters["lineRetrySqs"]) return ["Intake"];
  return place === adapters["resultsS3"] ? ["a result", "nobody's result"] : place.at;
};

const keyUse = (command: string): readonly string[] => {
  if (/^(Get|Head)Object/.test(command)) return ["kms:Decrypt"];
  if (command === "PutObjectCommand") return ["kms:GenerateDataKey"];
  // Pieces of an upload are put together with the key they were written with.
  return command === "Upload" ? ["kms:GenerateDataKey", "kms:Decrypt"] : [];
};
