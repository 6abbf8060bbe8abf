/** The table of rules. A new rule is a file beside this one and a line here. */
import { apiOpen } from "./api-open.ts";
import { bucketPublic } from "./bucket-public.ts";
import { databasePublic } from "./database-public.ts";
import { distribution } from "./distribution.ts";
import { functionUrlOpen } from "./function-url-open.ts";
import { imageUnpinned } from "./image-unpinned.ts";
import { ingressDatabase } from "./ingress-database.ts";
import { ingressOpen } from "./ingress-open.ts";
import { policyOpen } from "./policy-open.ts";
import { policyOutside } from "./policy-outside.ts";
import { policyPublic } from "./policy-public.ts";
import type { Rule } from "./rule.ts";
import { secretForeign } from "./secret-foreign.ts";
import { settingUnpinned } from "./setting-unpinned.ts";
import { tagReserved } from "./tag-reserved.ts";
import { templateUnread } from "./template-unread.ts";
import { trustAnonymous } from "./trust-anonymous.ts";
import { trustFederated } from "./trust-federated.ts";
import { trustOutside } from "./trust-outside.ts";

export const rules = {
  "trust-anonymous": trustAnonymous,
  "trust-outside": trustOutside,
  "trust-federated": trustFederated,
  "policy-outside": policyOutside,
  "policy-open": policyOpen,
  "policy-public": policyPublic,
  "function-url-open": functionUrlOpen,
  "bucket-public": bucketPublic,
  "database-public": databasePublic,
  "ingress-database": ingressDatabase,
  "secret-foreign": secretForeign,
  "template-unread": templateUnread,
  "tag-reserved": tagReserved,
  "image-unpinned": imageUnpinned,
  "setting-unpinned": settingUnpinned,
  "api-open": apiOpen,
  "ingress-open": ingressOpen,
  distribution,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

export const ruleIds = Object.keys(rules) as readonly RuleId[];
