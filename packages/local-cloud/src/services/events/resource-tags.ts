/** Implements TagResource, UntagResource and ListTagsForResource for rules and buses by ARN. */
import type * as events from "@aws-sdk/client-eventbridge";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { getBus, noBus, noRule } from "./find-bus.ts";
import { type EventsState, ruleKey } from "./state.ts";

type Tags = Readonly<Record<string, string>>;

export const toTags = (list: readonly events.Tag[]): Tags =>
  Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));

function tagged(
  arn: string | undefined,
  call: Call<EventsState>,
): { readonly tags: Tags; readonly save: (tags: Tags) => void } {
  const match = /^arn:aws[\w-]*:events:([\w-]+):(\d{12}):(rule|event-bus)\/(?:([^/]+)\/)?([^/]+)$/.exec(
    arn ?? "",
  );
  if (match === null) throw new AwsError("ValidationException", `Parameter ResourceARN is not valid: ${arn}`);
  const [, region = "", account = "", kind, bus = "default", name = ""] = match;
  const state = call.stateOf(account, region);
  if (kind === "rule") {
    const key = ruleKey(bus, name);
    const rule = state.rules.get(key);
    if (rule === undefined) throw noRule(name, bus);
    return { tags: rule.tags, save: (tags) => void state.rules.set(key, { ...rule, tags }) };
  }
  const found = getBus(state, name);
  if (found === undefined) throw noBus(name);
  return { tags: found.tags, save: (tags) => void state.buses.set(name, { ...found, tags }) };
}

const access = (action: string, arn: string | undefined, keys: readonly string[]) => ({
  action: `events:${action}`,
  resource: arn ?? "*",
  resourceAccount: arn?.split(":")[4] ?? "",
  context: { "aws:TagKeys": keys },
});

export const tagResource: OperationOf<typeof events, EventsState, "TagResource"> = {
  access: ({ ResourceARN, Tags = [] }) =>
    access(
      "TagResource",
      ResourceARN,
      Tags.map(({ Key = "" }) => Key),
    ),
  run: ({ ResourceARN, Tags = [] }, call) => {
    const found = tagged(ResourceARN, call);
    found.save({ ...found.tags, ...toTags(Tags) });
    return {};
  },
};

export const untagResource: OperationOf<typeof events, EventsState, "UntagResource"> = {
  access: ({ ResourceARN, TagKeys = [] }) => access("UntagResource", ResourceARN, TagKeys),
  run: ({ ResourceARN, TagKeys = [] }, call) => {
    const found = tagged(ResourceARN, call);
    found.save(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !TagKeys.includes(key))));
    return {};
  },
};

export const listTagsForResource: OperationOf<typeof events, EventsState, "ListTagsForResource"> = {
  access: ({ ResourceARN }) => access("ListTagsForResource", ResourceARN, []),
  run: ({ ResourceARN }, call) => ({
    Tags: Object.entries(tagged(ResourceARN, call).tags).map(([Key, Value]) => ({ Key, Value })),
  }),
};
