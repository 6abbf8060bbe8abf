/**
 * Inspects the files of a configuration before Terraform runs: it rejects parts that would run a program
 * or reach the network, and lists the providers and the reads that decide the time of the plan.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { type Block, literal, readHcl } from "./hcl.ts";

type Findings = {
  /** Addresses of the providers, e.g. `hashicorp/aws`. */
  readonly providers: readonly string[];
  /** Parts whose plan reads secrets or foreign data, or calls other endpoints than AWS's. */
  readonly reaches: readonly string[];
};

/** Data sources of Terraform's own that run a program or call any address. */
const deniedData = new Set(["external", "http"]);

/** Resources and data sources whose values a plan has to read, and that may be secrets. */
const valueTypes =
  /^(terraform_remote_state|aws_(secretsmanager_(secret_versions?|random_password)|ssm_parameters?(_by_path)?|s3_(bucket_)?objects?|kms_(secrets?|ciphertext)|dynamodb_table_items?|lambda_invocation|ecr_authorization_token|eks_cluster_auth|api_gateway_api_keys?))$/;
/** As data, these show the variables of another application. */
const foreignValues = /^aws_(lambda_function|ecs_container_definition|instance|launch_template)$/;

/** Arguments of the provider aws that neither choose an endpoint nor other credentials. */
const plainArguments =
  /^(alias|region|allowed_account_ids|forbidden_account_ids|max_retries|retry_mode|use_fips_endpoint|use_dualstack_endpoint|s3_use_path_style|s3_us_east_1_regional_endpoint|skip_\w+|token_bucket_rate_limiter_capacity)$/;
const plainBlocks = /^(default_tags|ignore_tags)$/;

/** Throws `ArtifactUnfit` with every rejected part, its file and its line. */
export function inspectFiles(files: ReadonlyMap<string, string>): Findings {
  const read = [...files].map(([path, text]): readonly [string, readonly Block[]] => [
    path,
    readHcl(text, path),
  ]);
  const denied = read.flatMap(([path, blocks]) =>
    everyBlock(blocks).flatMap((block) => {
      const because = denial(block, path);
      return because === undefined ? [] : [`${because} (${path}, line ${block.line})`];
    }),
  );
  if (denied.length > 0) {
    const seen = `The configuration has parts that no release may run: ${denied.join("; ")}.`;
    throw new ReleaseError("ArtifactUnfit", seen);
  }
  const folders = unique(read.map(([path]) => folderOf(path)));
  const byModule = folders.map((folder) =>
    read.flatMap(([path, blocks]) => (folderOf(path) === folder ? blocks : [])),
  );
  return {
    providers: unique(byModule.flatMap(providersOf)),
    reaches: unique(
      read.flatMap(([path, blocks]) => everyBlock(blocks).flatMap((block) => reachesOf(block, path))),
    ),
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** The blocks and those within them: a check may have data sources, a resource provisioners. */
const everyBlock = (blocks: readonly Block[]): readonly Block[] =>
  blocks.flatMap((block) => [block, ...everyBlock(block.blocks)]);

function denial({ type, labels, attributes }: Block, path: string): string | undefined {
  const [kind = ""] = labels;
  if (type === "provisioner" || (type === "dynamic" && kind === "provisioner"))
    return `the provisioner ${labels.at(-1) ?? ""}`;
  if (type === "data" && deniedData.has(kind)) return `the data source ${kind}`;
  if (type === "module" && labels.length === 1 && !/^\.\.?\//.test(literal(attributes.get("source")) ?? ""))
    return `the module ${kind}, whose source is no path in the artifact`;
  // Only Kedge's override file may name the backend.
  if ((type === "backend" || type === "cloud") && /(^|[/_])override\.tf$/.test(path))
    return `the ${type} of an override file`;
  return undefined;
}

function reachesOf({ type, labels, attributes, blocks }: Block, path: string): readonly string[] {
  const [kind = "", name] = labels;
  const valued =
    type === "ephemeral" ||
    (["data", "resource"].includes(type) && valueTypes.test(kind)) ||
    (type === "data" && foreignValues.test(kind));
  if (valued && name !== undefined) return [`${kind}.${name}`];
  if (type !== "provider" || kind !== "aws" || name !== undefined) return [];
  const others = [
    ...[...attributes.keys()].filter((each) => !plainArguments.test(each)),
    ...blocks.map((block) => block.type).filter((each) => !plainBlocks.test(each)),
  ];
  return others.map((each) => `${each} of the provider aws (${path})`);
}

/** Declared in `required_providers`, or implied by the first word of a type, as Terraform has it. */
function providersOf(blocks: readonly Block[]): readonly string[] {
  const required = blocks
    .filter(({ type }) => type === "terraform")
    .flatMap((block) => block.blocks)
    .filter(({ type }) => type === "required_providers");
  const declared = new Map(
    required.flatMap(({ attributes }) =>
      [...attributes].map(([name, said]) => [name, sourceIn(said) ?? `hashicorp/${name}`] as const),
    ),
  );
  const used = everyBlock(blocks).flatMap(({ type, labels, attributes }) => {
    const [kind = ""] = labels;
    if (type === "provider" && labels.length === 1) return [kind];
    // Blocks within a resource may have these names, but no two labels.
    if (!withProvider.has(type) || labels.length !== 2) return [];
    return [attributes.get("provider")?.replaceAll('"', "").split(/[ .]/)[0] ?? kind.split("_")[0] ?? ""];
  });
  const builtIn = "terraform";
  return [...new Set([...declared.keys(), ...used])]
    .filter((name) => name !== builtIn)
    .map((name) => declared.get(name) ?? `hashicorp/${name}`);
}

const withProvider = new Set(["resource", "data", "ephemeral", "list", "action"]);

/** A requirement in the usual form: a version, or an object of plain keys. */
const usual =
  /^("[^"\\]*"|\{(\s|,|"?(source|version|configuration_aliases)"?\s*[=:]\s*("[^"\\$%]*"|\[[^\]"]*\]))*\})$/;

/** An unusual requirement is returned as it is written, so that no list contains it. */
function sourceIn(said: string): string | undefined {
  if (!usual.test(said)) return said;
  const [, source] = /\bsource"?\s*[=:]\s*"([^"]*)"/.exec(said) ?? [];
  return source === undefined ? undefined : withoutHost(source);
}

/** The public registry is the default host. */
const withoutHost = (source: string): string =>
  source.toLowerCase().replace(/^registry\.terraform\.io\//, "");

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
