/**
 * Reads a plan as `terraform show -json` prints it, and finds parts that no release may apply. The text of an approval
 * is made from this plan, and not from the output of a build.
 */
import { ReleaseError } from "#release/errors/errors.ts";

type Fields = { readonly [name: string]: unknown };

export type ResourceChange = {
  readonly address: string;
  readonly action: "add" | "change" | "replace" | "destroy" | "forget";
  readonly before: unknown;
  readonly after: unknown;
  /** The same shape; true stands for a sensitive value. */
  readonly sensitive: readonly unknown[];
  /** The same shape; true stands for a value that only the apply will know. */
  readonly unknown: unknown;
};

export type TerraformPlan = {
  readonly changes: readonly ResourceChange[];
  readonly outputsChange: boolean;
  readonly configuration: Fields;
};

/** Throws `ReleaseDocumentMalformed` for anything but a plan of format 1. */
export function readTerraformPlan(json: string): TerraformPlan {
  const plan = parsed(json);
  if (!/^1\./.test(String(plan["format_version"])))
    throw malformed(`its format is ${String(plan["format_version"])}; expected 1.x`);
  if (plan["errored"] === true) throw malformed("the planning ended with an error");
  const outputs = Object.values(fields(plan["output_changes"]));
  return {
    changes: list(plan["resource_changes"]).flatMap((each) => changeOf(fields(each))),
    outputsChange: outputs.some((each) => actionsOf(fields(each)).some((action) => action !== "no-op")),
    configuration: fields(plan["configuration"]),
  };
}

const malformed = (seen: string): ReleaseError =>
  new ReleaseError("ReleaseDocumentMalformed", `The plan of Terraform is not whole: ${seen}.`);

function parsed(json: string): Fields {
  try {
    return fields(JSON.parse(json));
  } catch (error) {
    throw new ReleaseError("ReleaseDocumentMalformed", "The plan of Terraform is no JSON.", error);
  }
}

function changeOf({ address, change }: Fields): readonly ResourceChange[] {
  const { before, after, after_unknown, before_sensitive, after_sensitive, ...rest } = fields(change);
  const action = actionOf(actionsOf(rest));
  if (action === undefined) return [];
  const sensitive = [before_sensitive, after_sensitive];
  return [{ address: String(address), action, before, after, sensitive, unknown: after_unknown }];
}

const actionsOf = ({ actions }: Fields): readonly string[] => list(actions).map(String);

/** Undefined for resources that stay as they are, and for data that is only read. */
function actionOf(actions: readonly string[]): ResourceChange["action"] | undefined {
  const [first, second] = actions;
  if (second !== undefined) return "replace";
  if (first === "create") return "add";
  if (first === "update") return "change";
  if (first === "delete") return "destroy";
  return first === "forget" ? "forget" : undefined;
}

/** Throws `SettingNotAllowed` with everything in the configuration that may not be applied. */
export function checkTerraformPlan({ configuration }: TerraformPlan, providers: readonly string[]): void {
  const used = Object.values(fields(configuration["provider_config"])).map((each) =>
    String(fields(each)["full_name"] ?? "").replace(/^registry\.terraform\.io\//, ""),
  );
  const foreign = used.filter(
    (name) => !providers.includes(name) && name !== "terraform.io/builtin/terraform",
  );
  const denied = [
    ...foreign.map((name) => `the provider ${name}`),
    ...deniedIn(fields(configuration["root_module"])),
  ];
  if (denied.length === 0) return;
  const seen = `The plan has parts that no release may apply: ${[...new Set(denied)].join(", ")}. The estate allows the providers ${providers.join(", ")}.`;
  throw new ReleaseError("SettingNotAllowed", seen);
}

function deniedIn(module: Fields): readonly string[] {
  const own = list(module["resources"]).flatMap((each) => {
    const { mode, type, address, provisioners } = fields(each);
    const program = mode === "data" && (type === "external" || type === "http");
    return [
      ...(program ? [`the data source ${String(address)}`] : []),
      ...list(provisioners).map(
        (one) => `the provisioner ${String(fields(one)["type"])} of ${String(address)}`,
      ),
    ];
  });
  const called = Object.entries(fields(module["module_calls"])).flatMap(([name, call]) => {
    const { source, module: inner } = fields(call);
    const away = /^\.\.?\//.test(String(source)) ? [] : [`the module ${name} from ${String(source)}`];
    return [...away, ...deniedIn(fields(inner))];
  });
  return [...own, ...called];
}

export const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
