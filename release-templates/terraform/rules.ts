/** Checks settings and providers of a configuration against the estate's rules. */
import { ReleaseError } from "#release/errors/errors.ts";
import { covers, defaultTerraform, type TerraformRules } from "#release/estate/terraform-rules.ts";
import type { Target } from "#release/traits/targets.ts";
import { imageOf, type Settings } from "./settings.ts";

export const rulesOf = ({ terraform }: Pick<Target, "terraform">): TerraformRules =>
  terraform ?? defaultTerraform;

/** Throws `SettingNotAllowed`, naming the setting and the estate's list. */
export function checkRules(
  rules: TerraformRules,
  environment: string,
  settings: Settings,
  providers: readonly string[],
): void {
  const image = imageOf(settings, rules);
  if (!rules.images.includes(image))
    throw notAllowed(environment, `${settings.image ? "image" : "version"} asks for ${image}`, rules.images);
  const action = settings.actions?.find((each) => !covers(rules.actions, each));
  if (action !== undefined) throw notAllowed(environment, `actions ask for ${action}`, rules.actions);
  const provider = providers.find((each) => !rules.providers.includes(each));
  if (provider !== undefined)
    throw notAllowed(environment, `the configuration uses the provider ${provider}`, rules.providers);
}

const notAllowed = (environment: string, seen: string, allowed: readonly string[]): ReleaseError =>
  new ReleaseError(
    "SettingNotAllowed",
    `For ${environment} ${seen}; the estate allows ${allowed.join(", ")}.`,
  );
