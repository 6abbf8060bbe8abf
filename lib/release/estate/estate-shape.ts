/** The estate file's fields, as they may be written; `docs/schema/estate.schema.json` is generated from here. */

import {
  described,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import {
  account,
  branches,
  environmentShape,
  namePattern,
  parameters,
  region,
  ruleSettings,
  rungShape,
  tenantShape,
} from "./estate-environment-shape.ts";
import { selectorShape } from "./line-selector.ts";
import { sessionNamesShape } from "./session-names.ts";
import { templateRequestText } from "./template-request-text.ts";
import { terraformShape } from "./terraform-rules.ts";

const allowTombstone = described(
  "Branches that may be torn down although they reach a protected environment.",
  branches,
);
const supersede = described("A newer version ends the pending approval of an older version.", flag());

const separateDuties = described(
  "An uploader never approves: the estate names uploaders and approvers, and no principal is in both lists. kedge access checks this, and each approved release compares the identities that AWS recorded. It needs sessionNames.",
  flag(),
);
const separateAuthors = described(
  "The author of a commit, as the CI claims it, neither uploads nor approves it. It needs separateDuties.",
  flag(),
);
const sessionNames = described(
  "Values that callers cannot choose, to which the trusts of Kedge's roles compare session names.",
  sessionNamesShape,
);
const principals = listOf(
  text(
    "the ARN of a role, a user or an account's root, without wildcards",
    /^arn:aws:(iam|sts)::\d{12}:(root|(role|user|assumed-role)\/[\w+=,.@/-]+)$/,
  ),
  1,
);

const templateRules = object({
  pins: optional(
    described(
      "Lines that keep a version of the release template.",
      listOf(object({ version: text("a version such as 1.2.0", /^\d+\.\d+\.\d+/), lines: selectorShape })),
    ),
  ),
  exclude: optional(described("Lines that no rollout changes.", listOf(selectorShape))),
});

const anchor = object({
  account,
  region: optional(region),
  tags: optional(
    described(
      "Tags by which a rollout of a release template selects this anchor.",
      mapOf(/^\S+$/, "a tag's name", text("a text (in quotes)")),
    ),
  ),
  allowTombstone: optional(allowTombstone),
  supersedePendingApproval: optional(supersede),
  uploaders: optional(
    described(
      "The principals that may assume kedge-ci. Default: the principals of the account whose own policies allow it.",
      principals,
    ),
  ),
  approvers: optional(
    described(
      "The principals that may assume kedge-approver. Default: the principals of the account whose own policies allow it.",
      principals,
    ),
  ),
  separateDuties: optional(separateDuties),
  separateAuthors: optional(separateAuthors),
  sessionNames: optional(sessionNames),
  parameters: optional(parameters),
  rules: optional(ruleSettings),
  environments: optional(listOf(environmentShape)),
  ladder: optional(described("The environments that every tenant has.", listOf(rungShape))),
  tenants: optional(
    described(
      "The clients by name. Each client has its own environments.",
      mapOf(
        /^[a-z][a-z0-9-]{0,19}$/,
        "a tenant's name of up to 20 lower-case letters, digits and hyphens",
        tenantShape,
      ),
    ),
  ),
});

const limits = object({
  artifactBytes: optional(described("The largest size of an artifact, in bytes.", integer(1, 5 * 1024 ** 4))),
  unpackedBytes: optional(
    described("The largest size of an unpacked artifact, in bytes.", integer(1, 5 * 1024 ** 4)),
  ),
  entries: optional(
    described("The largest number of files and folders in an artifact.", integer(1, 100_000)),
  ),
});

const classes = object({
  hotfix: optional(described("Released before all others. Default: hotfix/**.", branches)),
  main: optional(described("Released before features. Default: main, master, release/**.", branches)),
});

const team = object({
  apps: described(
    "The team's applications, or patterns of their names.",
    listOf(text("an app or a pattern, without blanks around it", /^\S(.*\S)?$/), 1),
  ),
  concurrent: described(
    "The largest number of the team's lines that an anchor releases at once.",
    integer(1, 1000),
  ),
});

const pace = object({
  releases: optional(
    described(
      "The largest number of lines that an anchor releases at once, without hotfixes. Default: 50.",
      integer(1, 1000),
    ),
  ),
  hotfixes: optional(
    described(
      "The largest number of hotfixes that an anchor releases at once, in addition. Default: 25.",
      integer(1, 1000),
    ),
  ),
  pipelines: optional(
    described("The quota of pipelines in an anchor's region. Default: 1000.", integer(1, 10_000)),
  ),
  ageingMinutes: optional(
    described(
      "A line that has waited for so many minutes moves up a class, but never to hotfix. Default: 30.",
      integer(1, 1440),
    ),
  ),
});

const days = integer(1, 3650);
const ttlDays = object({ hotfix: optional(days), main: optional(days), feature: optional(days) });

const retention = object({
  artifactVersionsDays: optional(
    described(
      "Days for which S3 keeps a replaced version of an artifact, so that it can be released again. Default: 365.",
      days,
    ),
  ),
  artifactVersionsCount: optional(
    described("The number of replaced versions that S3 keeps regardless of their age.", integer(1, 100)),
  ),
});

export const estateShape = object({
  region: described("The region of the estate. An anchor can name another region.", region),
  central: described("The account with the artifact bucket.", account),
  organization: optional(
    described(
      "The organization that gets the products.",
      text("an organization id such as o-abc1234567", /^o-[a-z0-9]{10,32}$/),
    ),
  ),
  allowTombstone: optional(allowTombstone),
  supersedePendingApproval: optional(supersede),
  separateDuties: optional(separateDuties),
  separateAuthors: optional(separateAuthors),
  sessionNames: optional(sessionNames),
  parameters: optional(parameters),
  rules: optional(ruleSettings),
  limits: optional(limits),
  classes: optional(
    described(
      "The branches of each class. A higher class goes first. A branch that fits no pattern is a feature.",
      classes,
    ),
  ),
  teams: optional(
    described(
      "The teams that share an anchor, by name. An app belongs to the first team with a fitting pattern.",
      mapOf(namePattern, "a team's name of up to 30 lower-case letters, digits and hyphens", team),
    ),
  ),
  pace: optional(described("Limits for the number of releases and pipelines in an anchor.", pace)),
  ttlDays: optional(
    described(
      "Days without an upload after which Kedge tears down a line of the class, unless the line reaches a protected environment. Default: never.",
      ttlDays,
    ),
  ),
  retention: optional(
    described("The time for which S3 keeps replaced artifacts. A rollback can go back this far.", retention),
  ),
  templates: optional(
    described(
      "Exceptions from the rollouts of release templates, by the template's name.",
      mapOf(namePattern, "the name of a release template", templateRules),
    ),
  ),
  terraform: optional(
    described("Build images, providers and actions that Terraform configurations may use.", terraformShape),
  ),
  defaults: optional(
    described(
      "Values for artifacts whose traits name no release template and whose contents fit none.",
      object({
        templates: optional(
          described(
            "Release templates such as custom@^1, by a pipeline type or a family of the traits.",
            mapOf(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a pipeline type or a family", templateRequestText),
          ),
        ),
      }),
    ),
  ),
  anchors: described(
    "The shared-services accounts, by name.",
    mapOf(namePattern, "an anchor's name of up to 30 lower-case letters, digits and hyphens", anchor),
  ),
});

export type EstateFile = ShapeOf<typeof estateShape>;
