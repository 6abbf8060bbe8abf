/** Defines EventBridge's stored state: buses, rules with their targets, and the pending deliveries. */
import type { Target } from "@aws-sdk/client-eventbridge";
import type { Pattern } from "#cloud/event-pattern/pattern.ts";
import type { Timer } from "#cloud/kernel/clock.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type BusPolicy = { readonly Version: string; readonly Statement: readonly BusStatement[] };
export type BusStatement = { readonly Sid?: string } & Readonly<Record<string, unknown>>;

export type Bus = {
  readonly name: string;
  readonly description: string | undefined;
  readonly policy: BusPolicy | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

export type Rule = {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly enabled: boolean;
  readonly state: string;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly targets: readonly Target[];
  readonly tags: Readonly<Record<string, string>>;
  /** The time from which a `rate(…)` counts. */
  readonly since: number;
};

/** An event in the form that patterns match and targets receive. */
export type BusEvent = {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
};

export type Delivery = {
  readonly id: string;
  readonly rule: string;
  readonly target: Target;
  readonly event: BusEvent;
  /** The number of buses that forwarded the event before this one. */
  readonly hops: number;
  readonly attempts: number;
  readonly firstAt: number;
  readonly dueAt: number;
};

export type EventsState = {
  readonly buses: Table<Bus>;
  readonly rules: Table<Rule>;
  readonly deliveries: Table<Delivery>;
  /** Parsed patterns by their text, and the timers of the scheduled rules. */
  readonly patterns: Map<string, Pattern>;
  readonly timers: Map<string, Timer>;
};

export const eventsState = (table: OpenTable): EventsState => ({
  buses: table<Bus>("buses"),
  rules: table<Rule>("rules"),
  deliveries: table<Delivery>("deliveries"),
  patterns: new Map(),
  timers: new Map(),
});

export const ruleKey = (bus: string, name: string): string => `${bus}/${name}`;
