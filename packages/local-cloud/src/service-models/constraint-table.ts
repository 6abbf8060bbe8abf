/**
 * Reads the constraints of AWS's service models: lengths, ranges, patterns and enums, by structure and member.
 * `constraints.gz` has a line for each service. It is read on first use, and a line is parsed on the first call of its
 * service.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";

export const constraintFile = siblingFile("constraints.gz", import.meta.url);

export type Constraint = {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** AWS leaves the value of a sensitive member out of its messages. */
  readonly sensitive?: true;
  /** The constraint of a list's items. */
  readonly member?: Constraint;
  /** The constraint of a map's keys; `value` constrains its values. */
  readonly key?: Constraint;
  readonly value?: Constraint;
};

/** The constraints by structure and member, with the names of the model. */
export type Constraints = Readonly<Record<string, Readonly<Record<string, Constraint>>>>;

type ConstraintTable = {
  /** The constraints of a service, by the namespace of its schemas. A service without a line has none. */
  readonly of: (namespace: string) => Constraints;
  readonly namespaces: () => readonly string[];
};

const none: Constraints = {};

export function openConstraints(): ConstraintTable {
  let lines: ReadonlyMap<string, string> | undefined;
  const parsed = new Map<string, Constraints>();
  const read = (): ReadonlyMap<string, string> => {
    lines ??= new Map(
      gunzipSync(readFileSync(constraintFile))
        .toString()
        .split("\n")
        .map((line) => {
          const tab = line.indexOf("\t");
          return [line.slice(0, tab), line.slice(tab + 1)];
        }),
    );
    return lines;
  };
  return {
    of: (namespace) => {
      const known = parsed.get(namespace);
      if (known !== undefined) return known;
      const text = read().get(namespace);
      const constraints = text === undefined ? none : (JSON.parse(text) as Constraints);
      parsed.set(namespace, constraints);
      return constraints;
    },
    namespaces: () => [...read().keys()],
  };
}
