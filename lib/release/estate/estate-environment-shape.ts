/**
 * The shapes of environments in an estate file: an anchor's own environments, and the ladder of all tenants.
 */
import {
  described,
  digits,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { handlerPrefix } from "#release/names/deployed-names.ts";
import { ruleSettingsShape } from "#release/rules/rule-settings.ts";
import { kubernetesShape } from "./kubernetes-rules.ts";

export const account = described("An AWS account id.", digits("an account id of 12 digits", /^\d{12}$/));
export const region = described(
  "An AWS region.",
  text("a region such as us-east-1", /^[a-z]{2}(-[a-z]+)+-\d$/),
);
export const namePattern = /^[a-z][a-z0-9-]{0,29}$/;
const name = text("a name of up to 30 lower-case letters, digits and hyphens", namePattern);

export const branches = listOf(
  described(
    "A branch, or a pattern: * stands for any text without a slash, ** for any text, and a leading ! excludes.",
    text("a branch or a pattern, without blanks around it", /^\S(.*\S)?$/),
  ),
);

export const parameters = described(
  "Values for stacks that declare a parameter of this name. The value nearest to the environment wins.",
  mapOf(/^[A-Za-z0-9]{1,255}$/, "a parameter's name of letters and digits", text("a text (in quotes)")),
);

export const ruleSettings = described(
  "How severe rules about templates are: refuse, warn, show or allow; what is said nearer to the environment wins.",
  ruleSettingsShape,
);

const regionParameters = described(
  "Values for single regions of the environment, by region. They replace the environment's parameters.",
  mapOf(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-east-1", parameters),
);

const regions = described(
  "The regions of the environment. Each region is an environment of its own: the anchor's region keeps the name, another region has <name>-<region>.",
  listOf(region),
);

const tags = described(
  "Tags by which artifacts select environments.",
  mapOf(/^[A-Za-z0-9_.:/=+@-]{1,128}$/, "a tag's name", text("a text (in quotes)")),
);
const unit = described(
  "The organizational unit of the account, by name or path, e.g. workloads/prod.",
  text("a unit's name", /^\S(.*\S)?$/),
);

/** The boundary keeps applications from changing functions and projects of this prefix, and of no other. */
const handlerName = new RegExp(`^${handlerPrefix}[A-Za-z0-9_-]{1,50}$`);
const handlerNames = listOf(text(`a name that begins with ${handlerPrefix}`, handlerName));
const handlers = object({ projects: optional(handlerNames), functions: optional(handlerNames) });

const functionNames = listOf(text("a function's name", /^[A-Za-z0-9-_]{1,64}$/));

const rungFields = {
  name: described("Names stages, stacks and parameter files.", name),
  order: described("Position in the promotion, ascending.", integer(1, 999)),
  wave: optional(
    described("The name of the stage in which all environments of one order are released together.", name),
  ),
  branches: described(
    "The branches that may reach this environment. The last pattern that fits decides.",
    branches,
  ),
  approval: optional(described("An approver has to approve each change set before it is executed.", flag())),
  approvalTimeoutMinutes: optional(
    described("Minutes after which an approval without an answer counts as rejected.", integer(5, 86_400)),
  ),
  protected: optional(
    described(
      "Kedge tears down a line that reaches this environment only when allowTombstone names its branch.",
      flag(),
    ),
  ),
  tags: optional(tags),
  unit: optional(unit),
  parameters: optional(parameters),
  regions: optional(regions),
  regionParameters: optional(regionParameters),
  rules: optional(ruleSettings),
  handlers: optional(
    described(
      `CodeBuild projects and functions of the account that may receive custom artifacts. Their names, and the names of their roles, begin with ${handlerPrefix}.`,
      handlers,
    ),
  ),
  existingFunctions: optional(
    described(
      "Functions of the account that Kedge did not create and that may receive the code of an artifact (settings.function of lambda-function).",
      functionNames,
    ),
  ),
  secrets: optional(
    described(
      "Applications, or patterns of them, by the name of a secret that they may use, or a pattern of names. Every application may use the secrets below its own name, <app>/….",
      mapOf(
        /^[A-Za-z0-9/_+=.@*-]{1,512}$/,
        "a secret's name or a pattern of names",
        listOf(text("an app or a pattern, without blanks around it", /^\S(.*\S)?$/), 1),
      ),
    ),
  ),
  kubernetes: optional(
    described("Namespaces of its clusters, and the applications that may use them.", kubernetesShape),
  ),
};

export const environmentShape = object({ ...rungFields, account, region: optional(region) });

/** An environment each tenant has; its account is the tenant's. */
export const rungShape = object(rungFields);

const tenantEnvironment = object({
  account: optional(account),
  tags: optional(tags),
  unit: optional(unit),
  parameters: optional(parameters),
  regionParameters: optional(regionParameters),
});

export const tenantShape = object({
  account: described("The client's account. An environment of the client can name another account.", account),
  exclude: optional(described("Rungs of the ladder that this tenant does not have.", listOf(name))),
  tags: optional(tags),
  unit: optional(unit),
  parameters: optional(parameters),
  environments: optional(
    described(
      "Other values for single environments of this tenant, by the rung's name.",
      mapOf(namePattern, "the name of a rung of the ladder", tenantEnvironment),
    ),
  ),
});

export type EnvironmentFile = ShapeOf<typeof environmentShape>;
export type RungFile = ShapeOf<typeof rungShape>;
export type TenantFile = ShapeOf<typeof tenantShape>;
