/**
 * The buildspecs of a Terraform configuration. `plan` makes the plan after the approval, when the planning
 * project could not make it before; that project has a buildspec of its own. Values are environment variables of
 * the project, so these texts are equal for all lines. They need only a shell and terraform.
 */
import { handedFolder } from "#release/stack/build-stack.ts";

/** The folder of the files that Kedge adds to the configuration. */
export const ownFolder = ".kedge";

/**
 * The backend is always Kedge's: an override file replaces a backend of the configuration. The command line's
 * configuration names the providers that terraform may install.
 */
const begin = (root: string): readonly string[] => [
  `printf '%s' "$KEDGE_CLI_CONFIG" > "$CODEBUILD_SRC_DIR/kedge.tfrc"`,
  'export TF_CLI_CONFIG_FILE="$CODEBUILD_SRC_DIR/kedge.tfrc"',
  `cd "$CODEBUILD_SRC_DIR/${root}$KEDGE_DIRECTORY"`,
  "printf 'terraform {\\n  backend \"s3\" {}\\n}\\n' > kedge_override.tf",
  "printf '%s' \"$KEDGE_VARIABLES\" > kedge.auto.tfvars.json",
  "terraform version",
  'terraform init -input=false -no-color -backend-config="bucket=$STATE_BUCKET" -backend-config="key=$STATE_KEY" -backend-config="region=$AWS_REGION" -backend-config=encrypt=true -backend-config="$STATE_LOCK"',
];

/** Of the plan and of the provider versions it was made with. */
const digestOf = (folder: string): string =>
  `cat "${folder}/kedge.tfplan" "${folder}/.terraform.lock.hcl" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-64`;

const out = `$CODEBUILD_SRC_DIR/${ownFolder}/out`;

const spec = (commands: readonly string[], more: object = {}): string =>
  // JSON is YAML, and it marks each text clearly as a text.
  JSON.stringify({ version: "0.2", phases: { build: { "on-failure": "ABORT", commands } }, ...more });

export const planSpec = spec(
  [
    ...begin(handedFolder),
    "terraform validate -no-color",
    `mkdir -p "${out}"`,
    `terraform plan $KEDGE_ARGUMENTS -no-color -lock-timeout=5m "-out=${out}/kedge.tfplan" > kedge-plan.txt 2>&1 || { cat kedge-plan.txt; exit 1; }`,
    "cat kedge-plan.txt",
    "touch .terraform.lock.hcl", // terraform writes no lock file if the configuration uses no provider
    `cp .terraform.lock.hcl "${out}/"`,
    "export PLAN_SUMMARY=\"$(grep -E '^(Plan:|No changes)' kedge-plan.txt | tail -n 1)\"",
    'export PLAN_SUMMARY="${PLAN_SUMMARY:-Only outputs change.}"',
    `export PLAN_DIGEST="$(${digestOf(out)})"`,
    'export PLAN_LOG="$CODEBUILD_BUILD_URL"',
  ],
  {
    env: { "exported-variables": ["PLAN_SUMMARY", "PLAN_DIGEST", "PLAN_LOG"] },
    artifacts: { "base-directory": `${ownFolder}/out`, files: ["kedge.tfplan", ".terraform.lock.hcl"] },
  },
);

/** The plan is checked before the build uses a file that came with it. */
export const applySpec = spec([
  'eval "HANDED=\\$CODEBUILD_SRC_DIR_$PLAN_ARTIFACT"',
  `SEEN="$(${digestOf("$HANDED")})"`,
  '[ "$SEEN" = "$PLAN_DIGEST" ] || { echo "This is not the plan that was made: its digest is $SEEN, that of the plan $PLAN_DIGEST."; exit 1; }',
  `cp "$HANDED/.terraform.lock.hcl" "$CODEBUILD_SRC_DIR/${handedFolder}$KEDGE_DIRECTORY/"`,
  ...begin(handedFolder),
  'terraform apply -input=false -no-color -lock-timeout=5m "$HANDED/kedge.tfplan"',
]);

export const destroySpec = spec([
  ...begin(""),
  "terraform destroy $KEDGE_ARGUMENTS -auto-approve -no-color -lock-timeout=5m",
]);
