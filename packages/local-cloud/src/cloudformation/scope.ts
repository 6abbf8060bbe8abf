/** Defines the names that a template's functions may read while their values are resolved. */
import type { Json, JsonObject } from "./json.ts";

type ResourceValue = {
  readonly type: string;
  readonly ref: Json;
  /** `undefined`: the resource has no such attribute. */
  readonly attribute: (name: string) => Json | undefined;
};

export type Scope = {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly pseudo: PseudoParameters;
  readonly mappings: Readonly<Record<string, JsonObject>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  /**
   * Returns a resource of the stack that exists by now. `undefined`: the template has no resource of that
   * name.
   */
  readonly resource: (logicalId: string) => ResourceValue | undefined;
  readonly importValue: (name: string) => Json;
};

export type PseudoParameters = {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
};

/** Stands for an absent property (`AWS::NoValue`). */
export const noValue: unique symbol = Symbol("AWS::NoValue");

export const pseudoNames: ReadonlySet<string> = new Set([
  "AWS::AccountId",
  "AWS::NotificationARNs",
  "AWS::NoValue",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
]);

export function pseudoParameter(name: string, pseudo: PseudoParameters): Json | typeof noValue | undefined {
  switch (name) {
    case "AWS::AccountId":
      return pseudo.account;
    case "AWS::NotificationARNs":
      return pseudo.notificationArns;
    case "AWS::NoValue":
      return noValue;
    case "AWS::Partition":
      return pseudo.partition;
    case "AWS::Region":
      return pseudo.region;
    case "AWS::StackId":
      return pseudo.stackId;
    case "AWS::StackName":
      return pseudo.stackName;
    case "AWS::URLSuffix":
      return pseudo.urlSuffix;
    default:
      return undefined;
  }
}
