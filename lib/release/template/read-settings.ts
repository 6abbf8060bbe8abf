/** The settings of a release template, read by its shape when everything in them is resolved. */

import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import { readShape, type Shape } from "#release/document/shape.ts";
import type { PlainObject } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";

/**
 * Throws `SettingsMalformed` with every problem. `contradiction` finds conflicts between well-formed settings
 * that no shape can express.
 */
export const settingsReader =
  <Settings>(
    template: string,
    shape: Shape<Settings>,
    contradiction: (settings: Settings) => string | undefined = () => undefined,
  ) =>
  (settings: PlainObject): Settings => {
    const read = readShape(shape, valueTree(settings, "settings"));
    const problem = "problems" in read ? describeProblems(read.problems) : contradiction(read.value);
    if ("value" in read && problem === undefined) return read.value;
    throw new ReleaseError("SettingsMalformed", `The settings of ${template}: ${problem}`);
  };
