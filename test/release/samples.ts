/** Small things many tests of the core need; each can be varied by spreading over it. */

import type { Manifest } from "#release/artifact/manifest.ts";
import type { ErrorCode } from "#release/errors/errors.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { noTraits } from "#release/traits/traits.ts";
import { releaseTemplates } from "#templates/index.ts";

export const shop: Line = { account: "111111111111", app: "shop", branch: "main" };

export const samRef: TemplateRef = { name: "sam", version: "1.0.0", sha256: "a".repeat(64) };

export const manifest: Manifest = {
  entry: "template.yaml",
  parameters: { byEnvironment: {} },
  smoke: { kind: "script", path: "smoke-test.sh" },
  capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
  facts: {},
  traits: noTraits,
};

export const target = (environment: string, account: string, approval = false): Target => ({
  environment,
  names: [environment],
  wave: environment,
  account,
  region: "us-east-1",
  approval,
  approvalTimeoutMinutes: 10_080,
  protected: approval,
});

export const shopTargets = [
  target("dev", "222222222222"),
  target("qa", "333333333333"),
  target("prod", "444444444444", true),
];

export const loadedTemplates: readonly LoadedTemplate[] = releaseTemplates.map((template) => ({
  template,
  ref: { name: template.name, version: template.version, sha256: "a".repeat(64) },
}));

/** The code of the `ReleaseError` that `attempt` ends in; anything else is thrown on. */
export async function codeOf(attempt: () => unknown): Promise<ErrorCode | "no error"> {
  return (await errorOf(attempt))?.code ?? "no error";
}

export async function errorOf(attempt: () => unknown): Promise<ReleaseError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
}
