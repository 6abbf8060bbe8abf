/** Implements OpenID Connect providers, which a trust policy may name as a federated principal. */
import type { ProviderRow } from "#cloud/iam/iam-state.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { alreadyExists, type IamOperation, noSuchEntity } from "./operation.ts";
import { mergeTags, requestTags } from "./tag-list.ts";

export const createOpenIDConnectProvider: IamOperation<"CreateOpenIDConnectProvider"> = {
  access: (input, call) => ({
    ...access("CreateOpenIDConnectProvider", arnOf(call.account, input.Url ?? "")),
    context: requestTags(input.Tags),
  }),
  run: (input, { account, state, clock }) => {
    const url = input.Url ?? "";
    if (!/^https:\/\/[^?#]+$/.test(url))
      throw new AwsError("ValidationError", "Invalid Open ID Connect Provider URL");
    const arn = arnOf(account, url);
    if (state.providers.has(arn)) throw alreadyExists(`Provider with url ${url} already exists.`);
    const provider: ProviderRow = {
      arn,
      url: url.replace(/^https:\/\//, ""),
      clientIds: [...(input.ClientIDList ?? [])],
      thumbprints: [...(input.ThumbprintList ?? [])],
      createDate: clock.now(),
      tags: mergeTags([], input.Tags),
    };
    state.providers.set(arn, provider);
    return { OpenIDConnectProviderArn: arn, ...(provider.tags.length > 0 && { Tags: [...provider.tags] }) };
  },
};

export const getOpenIDConnectProvider: IamOperation<"GetOpenIDConnectProvider"> = {
  access: (input) => access("GetOpenIDConnectProvider", input.OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn: arn = "" }, { state }) => {
    const provider = state.providers.get(arn);
    if (provider === undefined) throw missing(arn);
    return {
      Url: provider.url,
      ClientIDList: [...provider.clientIds],
      ThumbprintList: [...provider.thumbprints],
      CreateDate: provider.createDate,
      Tags: [...provider.tags],
    };
  },
};

export const listOpenIDConnectProviders: IamOperation<"ListOpenIDConnectProviders"> = {
  access: () => access("ListOpenIDConnectProviders", "*"),
  run: (_input, { state }) => ({
    OpenIDConnectProviderList: [...state.providers.keys()].map((Arn) => ({ Arn })),
  }),
};

/** Deletes a provider; a missing provider is no error (IAM API Reference, DeleteOpenIDConnectProvider). */
export const deleteOpenIDConnectProvider: IamOperation<"DeleteOpenIDConnectProvider"> = {
  access: (input) => access("DeleteOpenIDConnectProvider", input.OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn: arn = "" }, { state }) => {
    state.providers.delete(arn);
    return {};
  },
};

const access = (action: string, resource = "*"): AccessRequest => ({ action: `iam:${action}`, resource });

const arnOf = (account: string, url: string): string =>
  `arn:aws:iam::${account}:oidc-provider/${url.replace(/^https:\/\//, "")}`;

const missing = (arn: string) => noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
