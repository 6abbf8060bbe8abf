/** The longest plan of the example estate: a serverless application with a smoke test, on `main`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import { lineName } from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { stackPlan } from "#release/plan/plan-build.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { noTraits } from "#release/traits/traits.ts";
import type { Setting } from "#synth/setting.ts";
import { root } from "./lambda-bundles.ts";

const account = "111111111111";

export async function samplePlan(): Promise<{ readonly plan: Plan; readonly setting: Setting }> {
  const estate = parseEstate(await readFile(join(root, "examples", "estate.yml"), "utf8"));
  const line = { account, app: "shop", branch: "main" };
  const { region } = estate;
  const bucket = cacheBucket(account, region);
  const plan = stackPlan({
    line,
    manifest: {
      entry: "template.yaml",
      parameters: { byEnvironment: {} },
      smoke: { kind: "script", path: "smoke-test.sh" },
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
      facts: {},
      traits: noTraits,
    },
    targets: environmentsFor(estate, line).targets,
    settings: { region, cacheBucket: bucket },
    template: { name: "sam", version: "1.0.0", sha256: "0".repeat(64) },
  });
  const cacheKeyArn = `arn:aws:kms:${region}:${account}:key/${lineName(line)}`;
  return { plan, setting: { account, region, cacheBucket: bucket, cacheKeyArn } };
}
