/**
 * A clearance is the subject of an approval, as data with a digest. Prepare computes the digest, and the approver
 * reads it. Execute computes the digest again before it executes the change sets, and a difference stops the
 * release.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";

/** The change set of a nested stack. `path` has the logical ids of the nested stacks, such as `Inner/Deeper`. */
export type ClearedNested = {
  readonly path: string;
  readonly changeSet: string;
  readonly template: string;
  readonly configuration: string;
};

/** A stack that the approval lets change. Digests are SHA-256 in hex. */
export type ClearedStack = {
  readonly name: string;
  readonly level: number;
  /** Of the template, as canonical JSON. */
  readonly template: string;
  /** Of parameters and tags, as canonical JSON. */
  readonly configuration: string;
  /**
   * The change set that exists before the approval, by its ARN. Stacks of a later level have none: their
   * change sets are made after the approval, from the template and the configuration of this clearance.
   */
  readonly changeSet?: string;
  /** CloudFormation found no difference, so the release does not change the stack. Execute removes the change set. */
  readonly unchanged?: true;
  /** The change sets that are executed with the stack's own. Absent: none. */
  readonly nested?: readonly ClearedNested[];
};

export type Clearance = {
  readonly schema: 1;
  readonly line: Line;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** The pipeline execution. */
  readonly execution: string;
  readonly artifact: { readonly versionId: string; readonly sha256: string };
  readonly template: TemplateRef;
  /** Of the estate whose rules the release was packaged under. */
  readonly policy: string;
  /** Of all documents that Prepare wrote for the environment, by name. */
  readonly documents: string;
  readonly stacks: readonly ClearedStack[];
};

export const clearanceDigest = (clearance: Clearance): string => sha256Hex(canonicalJson(clearance));

export const digestOf = (value: unknown): string => sha256Hex(canonicalJson(value));

/** `seen` is a sentence that names the difference. */
export const broken = (seen: string): ReleaseError => new ReleaseError("ClearanceBroken", seen);

/** Throws `ClearanceBroken` that names each difference. */
export function checkClearance(approved: Clearance, now: Clearance): void {
  const seen = differences(approved, now);
  if (seen.length > 0) throw broken(`Not as it was approved: ${seen.join(" ")}`);
}

function differences(approved: Clearance, now: Clearance): readonly string[] {
  const { stacks: cleared, ...common } = approved;
  const found = Object.entries(common).flatMap(([field, value]) => {
    const other = now[field as keyof typeof common];
    return canonicalJson(value) === canonicalJson(other)
      ? []
      : [`${field} was ${short(value)} and is ${short(other)}.`];
  });
  const names = [...new Set([...cleared, ...now.stacks].map(({ name }) => name))];
  return [
    ...found,
    ...names.flatMap((name) => stackDifferences(name, stackIn(approved, name), stackIn(now, name))),
  ];
}

const stackIn = ({ stacks }: Clearance, wanted: string): ClearedStack | undefined =>
  stacks.find(({ name }) => name === wanted);

function stackDifferences(
  name: string,
  approved: ClearedStack | undefined,
  now: ClearedStack | undefined,
): readonly string[] {
  if (approved === undefined || now === undefined) {
    return [`The stack ${name} was ${approved ? "approved and is gone" : "not approved"}.`];
  }
  const fields = ["level", "template", "configuration", "changeSet", "unchanged", "nested"] as const;
  return fields.flatMap((field) =>
    canonicalJson(approved[field]) === canonicalJson(now[field])
      ? []
      : [
          `The ${words[field]} of the stack ${name} was ${short(approved[field])} and is ${short(now[field])}.`,
        ],
  );
}

const words = {
  level: "level",
  template: "template",
  configuration: "configuration",
  changeSet: "change set",
  unchanged: "state (unchanged)",
  nested: "list of nested change sets",
} as const;

const short = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value));
