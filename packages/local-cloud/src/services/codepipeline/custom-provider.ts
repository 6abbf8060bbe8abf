/** Makes a provider of a custom action type. Its jobs wait until a worker polls for them. */
import type { ActionType } from "@aws-sdk/client-codepipeline";
import { DAY, type Provider } from "#cloud/action-providers/provider.ts";

export const customProvider = (type: ActionType): Provider => ({
  inputs: [type.inputArtifactDetails?.minimumCount ?? 0, type.inputArtifactDetails?.maximumCount ?? 5],
  outputs: [type.outputArtifactDetails?.minimumCount ?? 0, type.outputArtifactDetails?.maximumCount ?? 5],
  properties: Object.fromEntries(
    (type.actionConfigurationProperties ?? []).map(({ name = "", required = false, secret = false }) => [
      name,
      { required, secret },
    ]),
  ),
  timeoutMinutes: DAY,
  start: (job) => {
    const { id } = job.openJob({ kind: "custom" });
    return Promise.resolve({ status: "Waiting", details: { externalExecutionId: id } });
  },
  observe: () => Promise.resolve({ status: "Waiting", details: {} }),
});
