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

export const account = described("An AWS account id.", digits("an account id of 12 digits", /^\d{12}$/));
export const region = described(
  "An AWS region.",
  text("a region such as us-east-1", /^[a-z]{2}(-[a-z]+)+-\d$/),
);
export const namePattern = /^[a-z][a-z0-9-]{0,29}$/;
const name = text("a name of up to 30 lower-case letters, digits and hyphens", namePattern);

export const branches = listOf(
  described(
    "A branch, or a pattern: * is anything but a slash, ** is anything, a leading ! takes out again.",
    text("a branch or a pattern, without blanks around it", /^\S(.*\S)?$/),
  ),
);

export const parameters = described(
  "Values for stacks that declare a parameter of the name; what is said nearer to the environment wins.",
  mapOf(/^[A-Za-z0-9]{1,255}$/, "a parameter's name of letters and digits", text("a text (in quotes)")),
);

const regionParameters = described(
  "Values for single regions of the environment, by region; they win over its parameters.",
  mapOf(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-east-1", parameters),
);

const regions = described(
  "The regions it is in, each an environment of its own: the anchor's has its name, others <name>-<region>.",
  listOf(region),
);

const tags = described(
  "What artifacts may select environments by.",
  mapOf(/^[A-Za-z0-9_.:/=+@-]{1,128}$/, "a tag's name", text("a text (in quotes)")),
);
const unit = described(
  "The organizational unit of the account, by name or path, e.g. workloads/prod.",
  text("a unit's name", /^\S(.*\S)?$/),
);

const names = listOf(text("a name of letters, digits, - and _", /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
const handlers = object({ projects: optional(names), functions: optional(names) });

const rungFields = {
  name: described("Names stages, stacks and parameter files.", name),
  order: described("Position in the promotion, ascending.", integer(1, 999)),
  wave: optional(described("Environments of one order are released to together, under this name.", name)),
  branches: described(
    "Which branches may reach this environment; the last pattern that fits decides.",
    branches,
  ),
  approval: optional(described("Somebody approves each change set before it is executed.", flag())),
  approvalTimeoutMinutes: optional(
    described("Unanswered for so long, an approval counts as refused.", integer(5, 86_400)),
  ),
  protected: optional(
    described("A line that reaches it is not torn down unless allowTombstone names its branch.", flag()),
  ),
  tags: optional(tags),
  unit: optional(unit),
  parameters: optional(parameters),
  regions: optional(regions),
  regionParameters: optional(regionParameters),
  handlers: optional(
    described("CodeBuild projects and functions there that custom artifacts may be handed to.", handlers),
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
  account: described(
    "The client's account; all its environments are in it, unless they say otherwise.",
    account,
  ),
  exclude: optional(described("Rungs of the ladder this tenant does not have.", listOf(name))),
  tags: optional(tags),
  unit: optional(unit),
  parameters: optional(parameters),
  environments: optional(
    described(
      "What is different in single environments of this tenant, by the rung's name.",
      mapOf(namePattern, "the name of a rung of the ladder", tenantEnvironment),
    ),
  ),
});

export type EnvironmentFile = ShapeOf<typeof environmentShape>;
export type RungFile = ShapeOf<typeof rungShape>;
export type TenantFile = ShapeOf<typeof tenantShape>;
