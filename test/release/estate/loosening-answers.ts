/**
 * The answer of each field of the estate file to the question whether a change of it can loosen a gate. A path
 * answers for all fields below it. A new field without an answer fails the test.
 */
import { type EstateOf, inAnchor, inEstate, inProduction } from "./loosening-estates.ts";

type Gate = {
  /** A change of the strict estate that loosens this field. */
  readonly edit: (estate: EstateOf) => unknown;
  /** The setting that the comparison reports. Fields of one meaning share it. */
  readonly setting: string;
  readonly was: string;
  readonly becomes: string;
  /** The change back loosens too, because the field has no order. */
  readonly reverse?: "also";
};

const prod = "anchors.environments";
const terraform = (fields: object) => (estate: EstateOf) =>
  Object.assign(estate["terraform"] as object, fields);
const image = "public.ecr.aws/hashicorp/terraform:1.11.4";
const ci = "arn:aws:iam::111111111111:role/ci";
const approver = "arn:aws:iam::111111111111:role/approver";
const other = "arn:aws:iam::111111111111:role/other";
const allPrincipals = "each principal of the account whose own policies allow it";

export const gates: Readonly<Record<string, Gate>> = {
  organization: {
    edit: inEstate({ organization: "o-abc1234567" }),
    setting: "organization",
    ...{ was: "nothing", becomes: "o-abc1234567" },
  },
  allowTombstone: {
    edit: inEstate({ allowTombstone: ["**"] }),
    setting: "anchors.allowTombstone",
    ...{ was: "main", becomes: "**", reverse: "also" },
  },
  "anchors.allowTombstone": {
    edit: inAnchor({ allowTombstone: ["x"] }),
    setting: "anchors.allowTombstone",
    ...{ was: "main", becomes: "main, x" },
  },
  separateDuties: {
    edit: inEstate({ separateDuties: false }),
    setting: "anchors.separateDuties",
    ...{ was: "true", becomes: "false" },
  },
  "anchors.separateDuties": {
    edit: inAnchor({ separateDuties: false }),
    setting: "anchors.separateDuties",
    ...{ was: "true", becomes: "false" },
  },
  separateAuthors: {
    edit: inEstate({ separateAuthors: false }),
    setting: "anchors.separateAuthors",
    ...{ was: "true", becomes: "false" },
  },
  "anchors.separateAuthors": {
    edit: inAnchor({ separateAuthors: false }),
    setting: "anchors.separateAuthors",
    ...{ was: "true", becomes: "false" },
  },
  "sessionNames.uploaders": {
    edit: inEstate({ sessionNames: { people: "tag/kedge-person" } }),
    setting: "anchors.sessionNames.uploaders",
    ...{ was: "tag/kedge-subject", becomes: "nothing" },
  },
  "sessionNames.people": {
    edit: inEstate({ sessionNames: { uploaders: "tag/kedge-subject" } }),
    setting: "anchors.sessionNames.people",
    ...{ was: "tag/kedge-person", becomes: "nothing" },
  },
  "anchors.sessionNames.uploaders": {
    edit: inAnchor({ sessionNames: { uploaders: "tag/other", people: "tag/kedge-person" } }),
    setting: "anchors.sessionNames.uploaders",
    ...{ was: "tag/kedge-subject", becomes: "tag/other", reverse: "also" },
  },
  "anchors.sessionNames.people": {
    edit: inAnchor({ sessionNames: { uploaders: "tag/kedge-subject", people: "sourceIdentity" } }),
    setting: "anchors.sessionNames.people",
    ...{ was: "tag/kedge-person", becomes: "sourceIdentity", reverse: "also" },
  },
  "anchors.uploaders": {
    edit: inAnchor({ uploaders: [ci, other] }),
    setting: "anchors.uploaders",
    ...{ was: ci, becomes: `${ci}, ${other}` },
  },
  "anchors.approvers": {
    edit: ({ anchors: { shop } }) => delete shop["approvers"],
    setting: "anchors.approvers",
    ...{ was: approver, becomes: allPrincipals },
  },
  rules: {
    edit: inEstate({ rules: { "bucket-public": "warn" } }),
    setting: "rules",
    ...{ was: "refuse", becomes: "warn" },
  },
  "anchors.rules": {
    edit: inAnchor({ rules: { "bucket-public": "allow" } }),
    setting: "rules",
    ...{ was: "refuse", becomes: "allow" },
  },
  "anchors.environments.rules": {
    edit: inProduction({ rules: { "function-url-open": "show" } }),
    setting: "rules",
    ...{ was: "refuse", becomes: "show" },
  },
  "retention.artifactVersionsDays": {
    edit: ({ retention }) => Object.assign(retention as object, { artifactVersionsDays: 1 }),
    setting: "retention.artifactVersionsDays",
    ...{ was: "365", becomes: "1" },
  },
  "retention.artifactVersionsCount": {
    edit: ({ retention }) => Object.assign(retention as object, { artifactVersionsCount: 2 }),
    setting: "retention.artifactVersionsCount",
    ...{ was: "10", becomes: "2" },
  },
  "terraform.images": {
    edit: terraform({ images: [image, "example.com/other:1"] }),
    setting: "terraform.images",
    ...{ was: image, becomes: `${image}, example.com/other:1` },
  },
  "terraform.providers": {
    edit: terraform({ providers: ["hashicorp/aws", "hashicorp/random"] }),
    setting: "terraform.providers",
    ...{ was: "hashicorp/aws", becomes: "hashicorp/aws, hashicorp/random" },
  },
  "terraform.actions": {
    edit: terraform({ actions: ["sqs:*", "iam:*"] }),
    setting: "terraform.actions",
    ...{ was: "sqs:*", becomes: "sqs:*, iam:*" },
  },
  "terraform.planBeforeApproval": {
    edit: terraform({ planBeforeApproval: true }),
    setting: "terraform.planBeforeApproval",
    ...{ was: "false", becomes: "true" },
  },
  "anchors.environments.name": {
    edit: ({ anchors: { shop } }) => shop.environments.pop(),
    setting: `${prod}.name`,
    ...{ was: "prod", becomes: "nothing" },
  },
  "anchors.environments.order": {
    edit: ({ anchors: { shop } }) => Object.assign(shop.environments[0] ?? {}, { order: 9 }),
    setting: `${prod}.order`,
    ...{ was: "after dev", becomes: "before or beside dev" },
  },
  "anchors.environments.wave": {
    edit: ({ anchors: { shop } }) =>
      shop.environments.map((each) => Object.assign(each, { wave: "live", order: 3 })),
    setting: `${prod}.wave`,
    ...{ was: "nothing", becomes: "dev" },
  },
  "anchors.environments.branches": {
    edit: inProduction({ branches: ["main", "release/*"] }),
    setting: `${prod}.branches`,
    ...{ was: "main", becomes: "main, release/*" },
  },
  "anchors.environments.approval": {
    edit: inProduction({ approval: false }),
    setting: `${prod}.approval`,
    ...{ was: "true", becomes: "false" },
  },
  "anchors.environments.protected": {
    edit: inProduction({ protected: false }),
    setting: `${prod}.protected`,
    ...{ was: "true", becomes: "false" },
  },
  "anchors.environments.handlers.projects": {
    edit: inProduction({ handlers: { projects: ["kedge-handler-a", "kedge-handler-b"] } }),
    setting: `${prod}.handlers.projects`,
    ...{ was: "kedge-handler-a", becomes: "kedge-handler-a, kedge-handler-b" },
  },
  "anchors.environments.handlers.functions": {
    edit: inProduction({ handlers: { functions: ["kedge-handler-b"] } }),
    setting: `${prod}.handlers.functions`,
    ...{ was: "kedge-handler-a", becomes: "kedge-handler-b", reverse: "also" },
  },
  "anchors.environments.existingFunctions": {
    edit: inProduction({ existingFunctions: ["billing", "ledger"] }),
    setting: `${prod}.existingFunctions`,
    ...{ was: "billing", becomes: "billing, ledger" },
  },
  "anchors.environments.secrets": {
    edit: inProduction({ secrets: { "shared/db": ["orders", "x"] } }),
    setting: `${prod}.secrets`,
    ...{ was: "orders", becomes: "orders, x" },
  },
  "anchors.environments.kubernetes.namespaces": {
    edit: inProduction({ kubernetes: { namespaces: { shared: ["orders", "x"] }, admin: ["orders"] } }),
    setting: `${prod}.kubernetes.namespaces`,
    ...{ was: "orders", becomes: "orders, x" },
  },
  "anchors.environments.kubernetes.admin": {
    edit: inProduction({ kubernetes: { namespaces: { shared: ["orders"] }, admin: ["*"] } }),
    setting: `${prod}.kubernetes.admin`,
    ...{ was: "orders", becomes: "*", reverse: "also" },
  },
};

const location = "It names a place. A gate that does not come along is reported by its environment.";
const asEnvironments =
  "The environments of each tenant are compared one by one, with their computed settings.";
const value = "It is a value for stacks. The change set shows its effect before the approval.";
const order = "It decides which line goes first, and opens nothing.";
const choice = "It selects among versions that are published and not withdrawn.";
const narrowing = "Artifacts select environments by it, and a selection only narrows the estate.";

export const noGates: Readonly<Record<string, string>> = {
  region: location,
  central: location,
  supersedePendingApproval: "It ends approvals and gives none.",
  parameters: value,
  limits: "They bound the work of reading an artifact. A larger artifact passes the same gates.",
  classes: order,
  teams: order,
  pace: order,
  ttlDays: "A line that reaches a protected environment has no time to live.",
  templates: choice,
  defaults: choice,
  "anchors.account": location,
  "anchors.region": location,
  "anchors.tags": choice,
  "anchors.supersedePendingApproval": "It ends approvals and gives none.",
  "anchors.parameters": value,
  "anchors.environments.account": location,
  "anchors.environments.region": location,
  "anchors.environments.regions": "Each region is an environment, and environments are compared one by one.",
  "anchors.environments.approvalTimeoutMinutes": "A longer wait is still a wait for an approver.",
  "anchors.environments.tags": narrowing,
  "anchors.environments.unit": narrowing,
  "anchors.environments.parameters": value,
  "anchors.environments.regionParameters": value,
  "anchors.ladder": asEnvironments,
  "anchors.tenants": asEnvironments,
};
