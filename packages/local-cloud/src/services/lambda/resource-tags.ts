/** TagResource, UntagResource and ListTags work on functions and event source mappings, by ARN. */
import type * as lambda from "@aws-sdk/client-lambda";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { findFunction, parseFunctionName } from "./function-name.ts";
import type { LambdaState } from "./state.ts";

type Tags = Readonly<Record<string, string>>;

function tagged(
  arn: string | undefined,
  call: Call<LambdaState>,
): { readonly tags: Tags; readonly save: (tags: Tags) => void } {
  const [, , , region = "", account = "", kind = "", id = ""] = (arn ?? "").split(":");
  if (kind === "event-source-mapping") {
    const { mappings } = call.stateOf(account, region);
    const mapping = mappings.get(id);
    if (mapping === undefined) throw notFound(`The resource you requested does not exist.`);
    return { tags: mapping.tags, save: (tags) => void mappings.set(id, { ...mapping, tags }) };
  }
  const { state, row } = findFunction(parseFunctionName(arn, call), call);
  return { tags: row.tags, save: (tags) => void state.functions.set(row.name, { ...row, tags }) };
}

const access = (action: string, arn: string | undefined, keys: readonly string[]): AccessRequest => ({
  action: `lambda:${action}`,
  resource: arn ?? "*",
  resourceAccount: arn?.split(":")[4] ?? "",
  context: { "aws:TagKeys": keys },
});

export const tagResource: OperationOf<typeof lambda, LambdaState, "TagResource"> = {
  access: ({ Resource, Tags = {} }) => access("TagResource", Resource, Object.keys(Tags)),
  run: ({ Resource, Tags = {} }, call) => {
    const found = tagged(Resource, call);
    const tags = { ...found.tags, ...Tags };
    if (Object.keys(tags).length > 50) throw invalidParameter("The number of tags exceeds the limit of 50.");
    found.save(tags);
    return {};
  },
};

export const untagResource: OperationOf<typeof lambda, LambdaState, "UntagResource"> = {
  access: ({ Resource, TagKeys = [] }) => access("UntagResource", Resource, TagKeys),
  run: ({ Resource, TagKeys = [] }, call) => {
    const found = tagged(Resource, call);
    found.save(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !TagKeys.includes(key))));
    return {};
  },
};

export const listTags: OperationOf<typeof lambda, LambdaState, "ListTags"> = {
  access: ({ Resource }) => access("ListTags", Resource, []),
  run: ({ Resource }, call) => ({ Tags: { ...tagged(Resource, call).tags } }),
};
