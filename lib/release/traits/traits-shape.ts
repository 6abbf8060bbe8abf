/** The fields of the traits files, as they may be written; their schemas in `docs/schema/` are generated from here. */

import { type Problem, plainValue, type TreeNode } from "#release/document/node-tree.ts";
import { parseReferences } from "#release/document/references.ts";
import {
  described,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  type Shape,
  type ShapeOf,
  scalar,
  text,
} from "#release/document/shape.ts";
import type { PlainObject } from "#release/document/template-document.ts";
import { templateRequestText } from "#release/estate/template-request-text.ts";
import { strategyTypes } from "./traits.ts";
import { either, oneOrMore, parameterValue, withAnchors } from "./traits-values.ts";

const word = text("a name, without blanks around it", /^\S(.*\S)?$/);
const name = text(
  "a name of letters, digits, hyphens, dots and underscores",
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
);

/** Any fields; texts in them may hold references, which are checked. */
const settings: Shape<PlainObject> = {
  schema: { type: "object" },
  read: (node, report) => {
    if (node.kind !== "object") {
      report({ ...node.location, message: "Expected the fields of the release template's settings." });
      return undefined;
    }
    checkReferences(node, report);
    return plainValue(node) as PlainObject;
  },
};

function checkReferences(node: TreeNode, report: (problem: Problem) => void): void {
  if (node.kind === "scalar") {
    const seen = typeof node.value === "string" ? node.value : "";
    for (const message of parseReferences(seen).problems) report({ ...node.location, message });
  } else {
    for (const child of node.kind === "list" ? node.items : node.fields.values())
      checkReferences(child, report);
  }
}

const template = either(templateRequestText, object({ name: word, version: optional(word) }));

const buildFields = {
  family: optional(described("The kind of application, in your organization's words.", name)),
  type: optional(
    described(
      "The pipeline type: the name of a release template, or a name that the estate gives to a release template.",
      name,
    ),
  ),
  template: optional(
    described(
      "The release template and its version. Default: the contents of the artifact decide.",
      template,
    ),
  ),
  settings: optional(described("Settings of the release template; its README lists them.", settings)),
};

const patterns = oneOrMore(
  described(
    "A name, or a pattern: * is anything but a slash, ** is anything.",
    text("a name or a pattern, without blanks around it", /^[^\s!](.*\S)?$/),
  ),
);

const eligibility = object({
  provider: optional(described("The cloud provider: aws.", oneOf("aws"))),
  environments: optional(
    described("The environments that the artifact may reach, if the estate allows them.", patterns),
  ),
  exclude: optional(described("Environments that the artifact never reaches.", patterns)),
  regions: optional(
    described(
      "Only environments in these regions.",
      oneOrMore(text("a region such as us-east-1", /^[a-z]{2}(-[a-z]+)+-\d$/)),
    ),
  ),
  clusters: optional(
    described("Only environments to which the estate gives one of these clusters.", patterns),
  ),
  tenants: optional(described("Only environments of these tenants.", patterns)),
  units: optional(described("Only environments in these organizational units.", patterns)),
  tags: optional(
    described(
      "Only environments with all of these tags. For several values of a tag, one of them is enough.",
      mapOf(/^/, "a tag", patterns),
    ),
  ),
});

const parameters = described(
  "Parameter values. ${ssm:/path}, ${secret:name}, ${env}, ${account}, ${region}, ${tenant}, ${branch} and ${app} are resolved in each environment.",
  mapOf(/^[A-Za-z][A-Za-z0-9_.-]{0,254}$/, "a parameter's name", parameterValue),
);

const tags = described(
  "Tags of the application's stacks.",
  mapOf(/^(?!aws:|kedge:)[^\s].{0,127}$/i, "a tag's name that is neither aws: nor kedge:", parameterValue),
);

const strategyType = described("How traffic moves to a new version.", oneOf(...strategyTypes));

const strategy = either(
  strategyType,
  object({
    type: strategyType,
    steps: optional(described("Percent of each step, ascending.", listOf(integer(1, 100), 1))),
    minutes: optional(
      described("Minutes between steps, or until the old version stops.", integer(0, 10_080)),
    ),
    alarms: optional(
      described("CloudWatch alarms of the target account that stop the shift of traffic.", listOf(word, 1)),
    ),
  }),
);

const cronField = "[0-9A-Za-z*?,/L#W-]+";
const window = object({
  cron: described(
    "Seconds, minutes, hours, day of month, month, day of week and perhaps the year, as in CodePipeline's DeploymentWindow: * * 9-16 ? * MON-FRI *.",
    text(
      "a cron expression of six or seven fields such as * * 9-16 ? * MON-FRI",
      new RegExp(`^${cronField}( ${cronField}){5,6}$`),
    ),
  ),
  timeZone: optional(
    described(
      "Default: UTC.",
      text(
        "a time zone such as Europe/Vienna, UTC or UTC+02:00",
        /^(UTC([+-]\d{2}:\d{2})?|[A-Z]{2,5}|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/,
      ),
    ),
  ),
});

const forEnvironment = {
  parameters: optional(parameters),
  tags: optional(tags),
  strategy: optional(strategy),
  window: optional(
    described("The minutes in which a release may enter the environment, as a cron expression.", window),
  ),
};

const migrating = {
  function: optional(
    described(
      "The function of the target account that runs the migrations; the estate has to allow it as a handler.",
      text("a function's name", /^[A-Za-z0-9_-]{1,64}$/),
    ),
  ),
  outOfOrder: optional(
    described(
      "Runs a migration although a migration with a higher version is already applied. Default: Kedge rejects the release.",
      flag(),
    ),
  ),
};

const folder = described(
  "The folder of the migrations in the artifact. Default: migrations.",
  text("a folder such as db/migrations", /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/),
);

const migrations = described(
  "Migrations of a database, run once in each environment before the application is changed there.",
  object({ folder: optional(folder), ...migrating }),
);

/** Levels of a path, its length and its letters are the parameter store's; the rest is in traits-publish. */
const published = scalar(
  "an output of the template, or stack.Output where there are several stacks",
  { type: "string", pattern: "^([a-z0-9-]+\\.)?[A-Za-z0-9]+$" },
  (value) =>
    typeof value === "string" && /^([a-z0-9-]+\.)?[A-Za-z0-9]{1,255}$/.test(value) ? value : undefined,
);

const deploymentFields = {
  eligibility: optional(
    described(
      "The environments that the artifact may reach, among those that the estate allows.",
      eligibility,
    ),
  ),
  ...forEnvironment,
  migrations: optional(migrations),
  publish: optional(
    described(
      "Stack outputs that other applications find in the target's parameter store: path: Output.",
      mapOf(/^\/[^\s]+$/, "a path that begins with a slash", published),
    ),
  ),
  environments: optional(
    described(
      "Additional values for single environments, by the environment's name.",
      mapOf(
        /^[a-z][a-z0-9-]*$/,
        "an environment's name",
        object({
          ...forEnvironment,
          migrations: optional(object(migrating)),
          settings: optional(settings),
        }),
      ),
    ),
  ),
};

export const buildShape = withAnchors(object(buildFields));
export const deploymentShape = withAnchors(object(deploymentFields));
/** The `kedge` key of package.json has the fields of both files side by side. */
export const packageShape = withAnchors(object({ ...buildFields, ...deploymentFields }));

export type TraitsFile = ShapeOf<typeof packageShape>;
export type EnvironmentFile = NonNullable<TraitsFile["environments"]>[string];
export type StrategyFile = NonNullable<TraitsFile["strategy"]>;
