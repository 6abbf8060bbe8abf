/**
 * Injects faults into the calls that a rule names: throttling, denials, timeouts before or after the
 * effect.
 */
import type { AwsError } from "./aws-error.ts";

export type FaultRule = {
  /** These members select the calls. An absent member matches all. */
  readonly account?: string;
  readonly service?: string;
  readonly operation?: string;
  /** A part of the caller's ARN. */
  readonly principal?: string;
  /**
   * `before`: the effect does not happen. `after`: the effect happens, and the caller does not learn of it.
   */
  readonly when: "before" | "after";
  readonly error: AwsError;
  /** The number of matching calls that pass first. */
  readonly skip?: number;
  /** The number of matching calls that fail. Absent: all. */
  readonly count?: number;
  /** The calling Lambda's sandbox dies in the middle of the call and sees no error. */
  readonly crash?: boolean;
};

type FaultSubject = {
  readonly account: string;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
};

export type Faults = {
  readonly add: (rule: FaultRule) => () => void;
  readonly clear: () => void;
  /** Returns the fault to inject into this call, if any, and counts the call. */
  readonly take: (subject: FaultSubject, when: "before" | "after") => FaultRule | undefined;
};

export function createFaults(): Faults {
  const rules = new Set<{ readonly rule: FaultRule; seen: number }>();
  return {
    add: (rule) => {
      const entry = { rule, seen: 0 };
      rules.add(entry);
      return () => void rules.delete(entry);
    },
    clear: () => rules.clear(),
    take: (subject, when) => {
      for (const entry of rules) {
        if (entry.rule.when !== when || !matches(entry.rule, subject)) continue;
        entry.seen += 1;
        const skip = entry.rule.skip ?? 0;
        if (entry.seen <= skip) continue;
        if (entry.rule.count !== undefined && entry.seen >= skip + entry.rule.count) rules.delete(entry);
        return entry.rule;
      }
      return undefined;
    },
  };
}

const matches = (rule: FaultRule, subject: FaultSubject): boolean =>
  (rule.account ?? subject.account) === subject.account &&
  (rule.service ?? subject.service) === subject.service &&
  (rule.operation ?? subject.operation) === subject.operation &&
  subject.principal.includes(rule.principal ?? "");
