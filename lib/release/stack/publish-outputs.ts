/**
 * Publishes stack outputs to the target's parameter store, where other applications find them. Each parameter
 * is a resource of the stack that has the output, so it changes, rolls back and disappears with it.
 * CloudFormation rejects a path that another stack already holds: the first publisher keeps it.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { plainPathProblem } from "#release/traits/publish-path.ts";
import type { AssembledStack } from "./assembly.ts";
import { holdsSecret } from "./dynamic-reference.ts";

/** Throws `PublishMalformed`. Paths are plain: their references were resolved. */
export function withPublished<Stack extends Pick<AssembledStack, "id" | "document">>(
  stacks: readonly Stack[],
  published: readonly (readonly [path: string, output: string])[],
): readonly Stack[] {
  const paths = published.map(([path]) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined)
    throw new ReleaseError("PublishMalformed", `Two outputs are published as ${twice}.`);
  const resources = published.map(([path, output]) => ({ path, ...ownerOf(stacks, path, output) }));
  return stacks.map((stack) => {
    const own = resources.filter(({ id }) => id === stack.id);
    return own.length === 0 ? stack : { ...stack, document: withResources(stack.document, own) };
  });
}

type Placed = { readonly path: string; readonly output: PlainObject; readonly name: string };

function ownerOf(
  stacks: readonly Pick<AssembledStack, "id" | "document">[],
  path: string,
  wanted: string,
): { readonly id: string; readonly output: PlainObject; readonly name: string } {
  const problem = plainPathProblem(path);
  if (problem !== undefined) throw new ReleaseError("PublishMalformed", problem);
  const dot = wanted.indexOf(".");
  const name = wanted.slice(dot + 1);
  const among = dot === -1 ? stacks : stacks.filter(({ id }) => id === wanted.slice(0, dot));
  const owners = among.flatMap(({ id, document }) => {
    const output = outputsOf(document)[name];
    return isObject(output) ? [{ id, output, name }] : [];
  });
  const [owner, another] = owners;
  if (owner === undefined) {
    const known = stacks.flatMap(({ id, document }) =>
      Object.keys(outputsOf(document)).map((each) => (stacks.length > 1 ? `${id}.${each}` : each)),
    );
    const seen = `${path} publishes ${wanted}, which is not an output; the outputs are ${known.join(", ") || "none"}.`;
    throw new ReleaseError("PublishMalformed", seen);
  }
  if (another !== undefined) {
    const seen = `${path} publishes ${wanted}, which ${owners.map(({ id }) => id || "the first stack").join(" and ")} both have; write stack.${wanted}.`;
    throw new ReleaseError("PublishMalformed", seen);
  }
  if (holdsSecret(JSON.stringify(owner.output))) {
    throw new ReleaseError("SecretMisplaced", `${path} publishes ${wanted}, which is a secret.`);
  }
  return owner;
}

const outputsOf = (document: TemplateDocument): PlainObject =>
  isObject(document["Outputs"]) ? document["Outputs"] : {};

function withResources(document: TemplateDocument, published: readonly Placed[]): TemplateDocument {
  const made = published.map(({ path, output, name }): [string, PlainValue] => [
    `KedgePublished${sha256Hex(path).slice(0, 12)}`,
    {
      Type: "AWS::SSM::Parameter",
      ...(output["Condition"] !== undefined && { Condition: output["Condition"] }),
      Properties: {
        Type: "String",
        Name: path,
        Value: output["Value"] ?? "",
        Description: `The output ${name}`,
      },
    },
  ]);
  const resources = isObject(document["Resources"]) ? document["Resources"] : {};
  return { ...document, Resources: { ...resources, ...Object.fromEntries(made) } };
}
