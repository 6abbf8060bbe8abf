/**
 * Flattens an event to its leaves, as EventBridge's open-source matcher does (github.com/aws/event-ruler,
 * Event). A leaf has the path of its keys, joined by dots. An empty array or object has no leaf.
 */
import type { Scalar } from "./pattern.ts";

/** The elements of arrays of objects in which a leaf lies: the index by the path of the array. */
type Membership = ReadonlyMap<string, number>;

export type EventField = {
  readonly path: string;
  readonly value: Scalar;
  readonly membership: Membership;
};

const none: Membership = new Map();

export function readFields(event: unknown): readonly EventField[] {
  const fields: EventField[] = [];
  const visit = (value: unknown, path: string, membership: Membership): void => {
    if (Array.isArray(value))
      value.forEach((item, index) => {
        visit(item, path, isRecord(item) ? new Map([...membership, [path, index]]) : membership);
      });
    else if (isRecord(value))
      for (const [name, item] of Object.entries(value))
        visit(item, path === "" ? name : `${path}.${name}`, membership);
    else if (value !== undefined) fields.push({ path, value: value as Scalar, membership });
  };
  if (isRecord(event)) visit(event, "", none);
  return fields;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Joins two memberships. Fields of two different elements of one array are not consistent. */
export function joinMembership(left: Membership, right: Membership): Membership | undefined {
  if (right.size === 0) return left;
  for (const [path, index] of right) if ((left.get(path) ?? index) !== index) return undefined;
  return new Map([...left, ...right]);
}

export const noMembership = none;
