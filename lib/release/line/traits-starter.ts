/**
 * Generates starter traits files: the known values, and all other fields as comments. Generates their schemas
 * as well, with the settings of the release template, so that editors complete and check the files.
 */

import type { JsonSchema } from "#release/document/shape.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { formatSchema, schemas } from "./schemas.ts";

export type StarterFile = { readonly path: string; readonly content: string };

const hint = (file: string): string => `# yaml-language-server: $schema=${file}.schema.json`;

/** Reading them says no more than that this release template is wanted; without one, nothing. */
export function starterFiles(
  all: readonly Pick<ReleaseTemplate, "name" | "summary">[],
  template?: Pick<ReleaseTemplate, "name" | "version" | "summary" | "settings">,
): readonly StarterFile[] {
  const settings = template && (template.settings?.schema ?? none);
  return [
    { path: ".traits/build.yml", content: `${hint("build")}\n${buildText(all, template)}` },
    { path: ".traits/deployment.yml", content: `${hint("deployment")}\n${deployment}` },
    { path: ".traits/build.schema.json", content: formatSchema(buildSchema(settings)) },
    { path: ".traits/deployment.schema.json", content: formatSchema(deploymentSchema(settings)) },
  ];
}

function buildText(
  all: readonly Pick<ReleaseTemplate, "name" | "summary">[],
  template?: Pick<ReleaseTemplate, "name" | "version" | "summary" | "settings">,
): string {
  const request =
    template === undefined
      ? `${all.map(({ name, summary }) => `# ${name}: ${summary}`).join("\n")}\n# template: ${all[0]?.name ?? ""}`
      : `# ${template.summary}\ntemplate: ${template.name}@^${template.version.split(".")[0] ?? "1"}`;
  return `# What this is, and which release template deploys it. Every line can be left out: then what the artifact contains decides.

${request}

# family: services   # in your organization's words
${template === undefined ? "" : settingsComment(template.settings?.schema)}`;
}

function settingsComment(schema: JsonSchema | undefined): string {
  const properties = Object.entries(fieldsOf(schema));
  if (properties.length === 0) return "# This release template has no settings.\n";
  const rows = properties.map(([field, { description = "" }]) =>
    `#   ${field}:   # ${String(description)}`.trimEnd(),
  );
  return `\n# settings:\n${rows.join("\n")}\n`;
}

const none: JsonSchema = { type: "object", maxProperties: 0 };

const fieldsOf = (schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> =>
  (schema?.["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;

function buildSchema(settings: JsonSchema = { type: "object" }): JsonSchema {
  const schema = schemas["traits-build.schema.json"] ?? {};
  return { ...schema, properties: { ...fieldsOf(schema), settings } };
}

/** An environment's settings are overrides, so every field is optional. */
function deploymentSchema(settings: JsonSchema = { type: "object" }): JsonSchema {
  const schema = schemas["traits-deployment.schema.json"] ?? {};
  const fields = fieldsOf(schema);
  const each = (fields["environments"]?.["additionalProperties"] ?? {}) as JsonSchema;
  const own = { ...each, properties: { ...fieldsOf(each), settings: { ...settings, required: [] } } };
  const environments = { ...fields["environments"], additionalProperties: own };
  return { ...schema, properties: { ...fields, environments } };
}

const deployment = `# Where this may go, and what each environment is given. It can only narrow what the estate allows;
# \`kedge traits check .\` says for every environment why it is reached or not.

# eligibility:
#   environments: [dev, qa, prod]   # names, or patterns such as prod*
#   exclude: [prod-eu]
#   regions: [us-east-1]
#   tags: { tier: [gold] }

# Values for the parameters of your template. \${ssm:/path} and \${secret:name} are looked up in each environment's own
# account and region; \${env}, \${account}, \${region}, \${tenant}, \${branch} and \${app} are known. A plain \${ is $\${.
# parameters:
#   VpcId: \${ssm:/shared/vpc-id}
#   LogLevel: info

# tags:
#   cost-center: shop

# strategy: { type: canary, steps: [5, 25, 100], minutes: 5 }   # where the release template shifts traffic
# window: { cron: "* * 9-16 ? * MON-FRI *", timeZone: Europe/Vienna }

# migrations: { function: name }   # runs the files of migrations/ that are new there, before the application is changed

# Outputs of your stacks that other applications find in the environment's parameter store.
# publish:
#   /shop/\${env}/url: Url

# Fields that begin with x- mean nothing: anchors live there.
# x-small: &small
#   LogLevel: debug
# environments:
#   dev:
#     parameters: { <<: *small }
#   prod:
#     parameters: { LogLevel: warn }
`;
