/** The template and the environment for which expressions are evaluated. */
import { isObject, type PlainObject, type TemplateDocument } from "#release/document/template-document.ts";
import type { Doubt } from "./seen.ts";

export type Scope = {
  readonly document: TemplateDocument;
  readonly account: string;
  readonly region: string;
  /** Values of parameters for this environment. */
  readonly values: Readonly<Record<string, string>>;
  /** Parameters whose values are not known, with the reason. */
  readonly pending: Readonly<Record<string, Doubt>>;
  /** The conditions evaluated so far. A condition under evaluation is a doubt, which ends a circle. */
  readonly conditions: Map<string, boolean | Doubt>;
};

export const scopeOf = (given: Omit<Scope, "conditions">): Scope => ({ ...given, conditions: new Map() });

export const sectionOf = (document: TemplateDocument, name: string): PlainObject =>
  isObject(document[name]) ? document[name] : {};
