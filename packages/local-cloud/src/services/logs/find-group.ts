/**
 * Finds log groups and streams by name or ARN, builds the access requests of calls on them, and throws the
 * errors for missing ones.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { Group, LogsState, Stream } from "./state.ts";
import { streamKey } from "./state.ts";

export const groupArn = (name: string, call: Pick<Call<LogsState>, "account" | "region">): string =>
  `arn:aws:logs:${call.region}:${call.account}:log-group:${name}`;

/** Returns the name in a name or ARN. An ARN may end in `:*`. */
const groupName = (text: string | undefined): string =>
  (text ?? "").replace(/^arn:aws[\w-]*:logs:[\w-]+:\d{12}:log-group:/, "").replace(/:\*$/, "");

const notFound = (what: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The specified ${what} does not exist.`);

export const invalid = (message: string): AwsError => new AwsError("InvalidParameterException", message);

export function findGroup(text: string | undefined, call: Call<LogsState>): Group {
  const group = call.state.groups.get(groupName(text));
  if (group === undefined) throw notFound("log group");
  return group;
}

export function findStream(
  group: string | undefined,
  name: string | undefined,
  call: Call<LogsState>,
): Stream {
  const found = findGroup(group, call);
  const stream = call.state.streams.get(streamKey(found.name, name ?? ""));
  if (stream === undefined) throw notFound("log stream");
  return stream;
}

/** Joins the account's resource policies, which let AWS services such as EventBridge write. */
function policyOf({ policies }: LogsState): string | undefined {
  const statements = [...policies.values()].flatMap(({ document }) =>
    [(JSON.parse(document) as { Statement?: unknown }).Statement ?? []].flat(),
  );
  return statements.length === 0
    ? undefined
    : JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function groupAccess(
  action: string,
  text: string | undefined,
  call: Call<LogsState>,
  stream?: string,
): AccessRequest {
  const name = groupName(text);
  const group = call.state.groups.get(name);
  return {
    action: `logs:${action}`,
    resource: `${groupArn(name, call)}:${stream === undefined ? "*" : `log-stream:${stream}`}`,
    resourceAccount: call.account,
    resourcePolicy: policyOf(call.state),
    ...(group && { tags: group.tags }),
  };
}
