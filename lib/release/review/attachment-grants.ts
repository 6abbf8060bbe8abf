/**
 * Lists the targets of a policy: roles, users and groups of IAM, and resources with a resource policy. A policy with one
 * more target gives its statements there as well.
 */
import type { PlainValue } from "#release/document/template-document.ts";
import type { ReadResource } from "#release/rules/reading/resources.ts";
import type { Scope } from "#release/rules/reading/scope.ts";
import { itemsOf } from "#release/rules/reading/values.ts";
import { type Grant, grant, shownText } from "./grant.ts";

/** Properties that name targets, with the kind of the target. */
const kinds: Readonly<Record<string, string>> = {
  Roles: "role",
  RoleName: "role",
  Users: "user",
  UserName: "user",
  Groups: "group",
  GroupName: "group",
  Queues: "queue",
  Queue: "queue",
  Topics: "topic",
  TopicArn: "topic",
  Bucket: "bucket",
  SecretId: "secret",
};

/** `statements`: the grants of the policy. A denial that loses a target widens there. */
export function attachmentGrants(
  { type, properties }: ReadResource,
  statements: readonly Grant[],
  scope: Scope,
): readonly Grant[] {
  if (type === "AWS::IAM::UserToGroupAddition") {
    const [group = "…"] = itemsOf(properties["GroupName"], scope).map(shownTarget);
    return targetsAt(properties["Users"], scope).map(({ given, name }) =>
      grant([properties["GroupName"] ?? null, given], 3, `adds the user ${name} to the group ${group}`),
    );
  }
  if (!/^AWS::.*Policy$/.test(type)) return [];
  const severity = statements.reduce((worst, each) => Math.min(worst, each.severity), 3);
  const denies = statements.some((each) => each.denies);
  return Object.entries(kinds).flatMap(([property, kind]) =>
    targetsAt(properties[property], scope).flatMap(({ given, name }): readonly Grant[] => {
      const attached = grant(given, severity, `is attached to the ${kind} ${name}`);
      const detached = grant(
        given,
        severity,
        `is no longer attached to the ${kind} ${name}, and denies nothing there`,
      );
      return denies ? [attached, { ...detached, denies }] : [attached];
    }),
  );
}

/** Each target as it is written, because the names of two resources of the template are both unknown. */
function targetsAt(
  value: PlainValue | undefined,
  scope: Scope,
): readonly { readonly given: PlainValue; readonly name: string }[] {
  if (value === undefined) return [];
  const items = Array.isArray(value) ? (value as readonly PlainValue[]) : [value];
  return items.flatMap((given) => itemsOf(given, scope).map((seen) => ({ given, name: shownTarget(seen) })));
}

const shownTarget = (seen: Parameters<typeof shownText>[0]): string => seen.resource ?? shownText(seen);
