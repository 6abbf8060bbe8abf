/** Ids of an app's stacks: from the name of each alone, so that no other stack's coming or going can change one. */

import { ReleaseError } from "#release/errors/errors.ts";
import { base32, sha256 } from "#release/names/digest.ts";

const longest = 24;

/** Throws `AssemblyUnsupported` for two that cannot be told apart. */
export function stackIds(names: readonly string[]): readonly string[] {
  const ids = names.map(stackId);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  const [one, other] = [names[ids.indexOf(ids[twice] ?? "")], names[twice]];
  if (twice === -1) return ids;
  const seen = `The stacks ${one} and ${other} of the app would both be named …--${ids[twice]}; rename one.`;
  throw new ReleaseError("AssemblyUnsupported", seen);
}

/** `prod/OrdersApi` becomes `prod-orders-api`. An id that is too long ends in a hash of the full name. */
function stackId(name: string): string {
  const slug = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (slug.length <= longest && slug !== "") return slug;
  const hash = base32(sha256(name), 6);
  const begin = slug.slice(0, longest - hash.length - 1).replace(/-+$/, "");
  return begin === "" ? hash : `${begin}-${hash}`;
}
