/** Fails an action whose custom type was deleted after the pipeline was created. */
import { DAY, failed, type Provider } from "#cloud/action-providers/provider.ts";

export const FALLBACK_PROVIDER: Provider = {
  inputs: [0, 10],
  outputs: [0, 10],
  properties: undefined,
  timeoutMinutes: DAY,
  start: (job) =>
    Promise.resolve(
      failed(
        "ConfigurationError",
        `The type ${job.typeId.provider} (version ${job.typeId.version}) no longer exists.`,
      ),
    ),
};
