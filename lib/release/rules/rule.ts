/** The types of all rules: a rule, its input and its output. */
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import type { ReadResource } from "./reading/resources.ts";
import type { Scope } from "./reading/scope.ts";
import type { Doubt } from "./reading/seen.ts";
import type { OwnSecrets } from "./secrets.ts";

/** `refuse`: not released. `warn`: released with a warning. `show`: listed for approvers. `allow`: not looked for. */
export const severities = ["refuse", "warn", "show", "allow"] as const;
export type Severity = (typeof severities)[number];

/** The accounts and the organization that a template may trust. */
export type Circle = {
  readonly accounts: readonly string[];
  /** Absent if the estate names none. */
  readonly organization?: string;
};

/** A finding of a rule in one resource. */
export type Sighting = {
  /** The path of the property. */
  readonly property: string;
  /** Ends the sentence "<resource> …". */
  readonly seen: string;
  /** The template does not decide it; the rule is applied all the same. */
  readonly undecided?: Doubt;
};

export type RuleInput = {
  readonly secrets: OwnSecrets;
  readonly resource: ReadResource;
  readonly scope: Scope;
  readonly circle: Circle;
  /** Templates that this template nests and that are judged too, by the id of the resource. */
  readonly nested: readonly string[];
};

export type Rule = {
  /** The demand of the rule, in one sentence. */
  readonly says: string;
  readonly severity: {
    /** In environments that the estate protects. */
    readonly protected: Severity;
    readonly others: Severity;
    /** In environments with an approval. Absent: the approval makes no difference. */
    readonly gated?: Severity;
  };
  /** `Resources` of a template that keeps the rule, and of a template that breaks it. */
  readonly examples: { readonly passes: PlainObject; readonly fails: PlainObject };
  readonly find: (input: RuleInput) => readonly Sighting[];
  /** Finds faults of the whole template. */
  readonly findInTemplate?: (document: TemplateDocument, isNested: boolean) => readonly Sighting[];
};
