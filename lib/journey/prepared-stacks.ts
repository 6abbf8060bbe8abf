/** Reads the stacks of an environment from the documents that Prepare wrote. */
import { valueTree } from "#release/document/node-tree.ts";
import { integer, listOf, object, optional, readShape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { memberName } from "#release/names/stack-names.ts";
import { readParameters } from "#release/stack/parameters.ts";
import { documents } from "./documents.ts";
import { type Documents, documentIn } from "./small-zip.ts";

const stacksShape = listOf(
  object({
    id: text(),
    level: integer(0, 99),
    path: text(),
    environments: optional(listOf(text())),
  }),
);

type ListedStack = {
  readonly id: string;
  readonly level: number;
  readonly path: string;
  readonly environments?: readonly string[];
};

export function listedStacks(written: Documents): readonly ListedStack[] {
  const read = readShape(stacksShape, valueTree(JSON.parse(documentIn(written, documents.stacks))));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${documents.stacks} lists no stacks.`);
}

export type PreparedStack = {
  readonly name: string;
  readonly level: number;
  /** JSON text. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
};

type Job = {
  /** The name of the first stack. */
  readonly stack: string;
  readonly environment: string;
};

/** The stacks that the environment gets. */
export const preparedStacks = (
  prepared: Documents,
  { stack: first, environment }: Job,
): readonly PreparedStack[] =>
  listedStacks(prepared)
    .filter(({ environments }) => environments === undefined || environments.includes(environment))
    .map(({ id, level }) => {
      const configuration = documents.config(id);
      const given = prepared.has(configuration)
        ? readParameters(documentIn(prepared, configuration), configuration)
        : { values: {}, tags: {} };
      return {
        name: memberName(first, id),
        level,
        template: documentIn(prepared, documents.template(id)),
        parameters: given.values,
        tags: given.tags,
      };
    });

/** The stacks whose change sets can be made first. */
export function firstLevel(stacks: readonly PreparedStack[]): readonly PreparedStack[] {
  const lowest = Math.min(...stacks.map(({ level }) => level));
  return stacks.filter(({ level }) => level === lowest);
}
