/** Finds the providers of action and rule types: AWS's own types, and the account's custom types. */
import type { ActionType } from "@aws-sdk/client-codepipeline";
import { actionProviders } from "#cloud/action-providers/index.ts";
import { DAY, type Provider } from "#cloud/action-providers/provider.ts";
import { ruleProviders } from "#cloud/action-providers/rules.ts";
import type { ActionTypeId } from "#cloud/pipeline/declaration.ts";
import type { Surroundings } from "#cloud/pipeline/type-info.ts";
import { customProvider } from "./custom-provider.ts";
import type { CodePipelineState } from "./state.ts";

export const typeKey = (id: {
  readonly category?: string | undefined;
  readonly provider?: string | undefined;
  readonly version?: string | undefined;
}): string => `${id.category ?? ""}/${id.provider ?? ""}/${id.version ?? ""}`;

export function findProvider(state: CodePipelineState, id: ActionTypeId): Provider | undefined {
  if (id.owner === "AWS") {
    return actionProviders.find(
      ({ provider, categories }) =>
        provider === id.provider && categories.includes(id.category) && id.version === "1",
    );
  }
  const custom = id.owner === "Custom" ? state.customTypes.get(typeKey(id)) : undefined;
  return custom && customProvider(custom.type);
}

export const findRule = (provider: string): Provider | undefined =>
  ruleProviders.find((candidate) => candidate.provider === provider);

export const validationContext = (state: CodePipelineState, region: string): Surroundings => ({
  region,
  actionType: (id) => findProvider(state, id),
  ruleType: (provider, version) => (version === "1" ? findRule(provider) : undefined),
});

/** Returns AWS's own types as ListActionTypes shows them. */
export const awsActionTypes = (): readonly ActionType[] =>
  actionProviders.flatMap((provider) =>
    provider.categories.map((category) => ({
      id: { category, owner: "AWS" as const, provider: provider.provider, version: "1" },
      settings: {},
      actionConfigurationProperties: Object.entries(provider.properties ?? {}).map(([name, property]) => ({
        name,
        required: property.required ?? false,
        key: true,
        secret: property.secret ?? false,
        queryable: false,
      })),
      inputArtifactDetails: { minimumCount: provider.inputs[0], maximumCount: provider.inputs[1] },
      outputArtifactDetails: { minimumCount: provider.outputs[0], maximumCount: provider.outputs[1] },
    })),
  );

/** Returns the timeout of a run: the declared one of an approval or rule, or else the provider's. */
export const timeoutMinutes = (provider: Provider, own: number | undefined): number =>
  own ?? (provider.timeoutMinutes || DAY);
