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
  rungShape,
  tenantShape,
} from "./estate-environment-shape.ts";
import { selectorShape } from "./line-selector.ts";
import { templateRequestText } from "./template-request-text.ts";

const allowTombstone = described(
  "Branches that may be torn down although they reach a protected environment.",
  branches,
);
const supersede = described("A newer version ends the pending approval of an older one.", flag());

const separateDuties = described(
  "Who uploads does not approve: uploaders and approvers are named and share nobody. Checked by kedge access.",
  flag(),
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
      "Lines that keep one version.",
      listOf(object({ version: text("a version such as 1.2.0", /^\d+\.\d+\.\d+/), lines: selectorShape })),
    ),
  ),
  exclude: optional(described("Lines no rollout moves.", listOf(selectorShape))),
});

const anchor = object({
  account,
  region: optional(region),
  tags: optional(
    described(
      "What rollouts of release templates may select this anchor by.",
      mapOf(/^\S+$/, "a tag's name", text("a text (in quotes)")),
    ),
  ),
  allowTombstone: optional(allowTombstone),
  supersedePendingApproval: optional(supersede),
  uploaders: optional(
    described("Who may assume kedge-ci. Default: whom the account's own policies let.", principals),
  ),
  approvers: optional(
    described("Who may assume kedge-approver. Default: whom the account's own policies let.", principals),
  ),
  separateDuties: optional(separateDuties),
  parameters: optional(parameters),
  environments: optional(listOf(environmentShape)),
  ladder: optional(described("The environments every tenant has.", listOf(rungShape))),
  tenants: optional(
    described(
      "The clients, each with environments of its own, by name.",
      mapOf(
        /^[a-z][a-z0-9-]{0,19}$/,
        "a tenant's name of up to 20 lower-case letters, digits and hyphens",
        tenantShape,
      ),
    ),
  ),
});

const limits = object({
  artifactBytes: optional(described("The largest artifact.", integer(1, 5 * 1024 ** 4))),
  unpackedBytes: optional(described("What an artifact may unpack to.", integer(1, 5 * 1024 ** 4))),
  entries: optional(described("How many files and folders an artifact may have.", integer(1, 100_000))),
});

const classes = object({
  hotfix: optional(described("Released before all others. Default: hotfix/**.", branches)),
  main: optional(described("Released before features. Default: main, master, release/**.", branches)),
});

const team = object({
  apps: described(
    "Its applications, or patterns of them.",
    listOf(text("an app or a pattern, without blanks around it", /^\S(.*\S)?$/), 1),
  ),
  concurrent: described("How many of its lines may be at work at once in an anchor.", integer(1, 1000)),
});

const pace = object({
  releases: optional(
    described("Lines at work at once in an anchor, hotfixes not counted. Default: 50.", integer(1, 1000)),
  ),
  hotfixes: optional(described("Hotfixes at work at once, beside those. Default: 25.", integer(1, 1000))),
  pipelines: optional(
    described("The quota of pipelines in an anchor's region. Default: 1000.", integer(1, 10_000)),
  ),
  ageingMinutes: optional(
    described(
      "A line that has waited so long goes up a class, but never to hotfix. Default: 30.",
      integer(1, 1440),
    ),
  ),
});

const days = integer(1, 3650);
const ttlDays = object({ hotfix: optional(days), main: optional(days), feature: optional(days) });

const retention = object({
  artifactVersionsDays: optional(
    described("How long a replaced version of an artifact can be released again. Default: 365.", days),
  ),
  artifactVersionsCount: optional(
    described("So many replaced versions stay however old they are.", integer(1, 100)),
  ),
});

export const estateShape = object({
  region: described("Where everything runs, unless an anchor says otherwise.", region),
  central: described("The account with the artifact bucket.", account),
  organization: optional(
    described(
      "The organization the products are shared with.",
      text("an organization id such as o-abc1234567", /^o-[a-z0-9]{10,32}$/),
    ),
  ),
  allowTombstone: optional(allowTombstone),
  supersedePendingApproval: optional(supersede),
  separateDuties: optional(separateDuties),
  parameters: optional(parameters),
  limits: optional(limits),
  classes: optional(
    described("Which branches go first when many want to; what fits none is a feature.", classes),
  ),
  teams: optional(
    described(
      "Who shares an anchor, by name; the first team whose patterns fit an app has it.",
      mapOf(namePattern, "a team's name of up to 30 lower-case letters, digits and hyphens", team),
    ),
  ),
  pace: optional(described("How much an anchor does at once.", pace)),
  ttlDays: optional(
    described(
      "Days after its last upload a line of the class is torn down, unless it reaches a protected environment. Default: never.",
      ttlDays,
    ),
  ),
  retention: optional(described("How long what was replaced is kept; it bounds rollback.", retention)),
  templates: optional(
    described(
      "Exceptions from the rollouts of release templates, by the template's name.",
      mapOf(namePattern, "the name of a release template", templateRules),
    ),
  ),
  defaults: optional(
    described(
      "What holds for artifacts that do not say, and are not recognised.",
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
