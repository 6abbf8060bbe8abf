/**
 * The estate lists the accounts, their environments, and the branches that may reach each of them. One file
 * declares it.
 */

import type { RuleSettings } from "#release/rules/rule-settings.ts";
import type { Limits } from "#release/zip/limits.ts";
import type { KubernetesRules } from "./kubernetes-rules.ts";
import type { LineSelector } from "./line-selector.ts";
import type { SessionNames } from "./session-names.ts";
import type { TerraformRules } from "./terraform-rules.ts";

/** Projects and functions that artifacts of the release template `custom` may be handed to. */
export type Handlers = { readonly projects: readonly string[]; readonly functions: readonly string[] };

export type Environment = {
  readonly name: string;
  /** All names of the environment, from the most general to its own: `prod`, `acme-prod`. */
  readonly names: readonly string[];
  /** The client it belongs to. */
  readonly tenant?: string;
  /** The organizational unit its account is in. */
  readonly unit?: string;
  /** Environments of one order are released to together; this names them. */
  readonly wave: string;
  readonly tags: Readonly<Record<string, string>>;
  /** For stacks that declare them, from the general (the estate's) to the exact (its own). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  /** Position in the promotion; environments are visited in ascending order. */
  readonly order: number;
  /** An approver has to approve the change set before CloudFormation executes it. */
  readonly approval: boolean;
  readonly approvalTimeoutMinutes: number;
  /** A line that reaches it may not be torn down by an upload, unless `allowTombstone` says so. */
  readonly protected: boolean;
  /** Patterns of branches that may reach it: `main`, `release/*` (one segment), `**` (anything). `!x` takes out again. */
  readonly branches: readonly string[];
  readonly handlers?: Handlers;
  /** Severities of rules about templates, where they differ from the rules' own. */
  readonly rules?: RuleSettings;
  /** Functions that Kedge did not create and that may receive the code of an artifact. */
  readonly existingFunctions?: readonly string[];
  readonly kubernetes?: KubernetesRules;
  /** Applications, or patterns of them, by the pattern of a secret's name. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
};

export type Anchor = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Branches that may be torn down although they reach a protected environment. */
  readonly allowTombstone: readonly string[];
  /** A newer version ends the pending approval of an older one. */
  readonly supersedePendingApproval: boolean;
  /** ARNs of principals that may assume kedge-ci. Without them, the policies of the account decide. */
  readonly uploaders?: readonly string[];
  /** The same for kedge-approver. */
  readonly approvers?: readonly string[];
  /**
   * Uploaders and approvers are different people: both lists are given and share no principal, which `kedge
   * access` checks. Each approved release compares the two identities that AWS recorded.
   */
  readonly separateDuties?: boolean;
  /** The author of a commit neither uploads nor approves it. */
  readonly separateAuthors?: boolean;
  readonly sessionNames?: SessionNames;
  /** Tags by which rollouts of release templates select the anchor. */
  readonly tags: Readonly<Record<string, string>>;
  /** In promotion order. */
  readonly environments: readonly Environment[];
};
/**
 * Patterns of branches by class. A branch without a match is a feature; a branch that matches both is a
 * hotfix.
 */
type Classes = { readonly hotfix: readonly string[]; readonly main: readonly string[] };

export type Team = {
  readonly name: string;
  /** Patterns of app names. */
  readonly apps: readonly string[];
  /** The number of the team's lines that may run at once in an anchor. */
  readonly concurrent: number;
};

/** Concurrency limits of an anchor. */
export type Pace = {
  /** Lines at work at once, their pipelines made, changed or running; hotfixes are not counted. */
  readonly releases: number;
  /** Hotfixes at work at once, beside those. */
  readonly hotfixes: number;
  /** Pipelines, each line's one: the account's quota in its region. */
  readonly pipelines: number;
  /** A line that has waited for so long is taken for one of the class before its own, but never for a hotfix. */
  readonly ageingMinutes: number;
};

/**
 * Days after the last upload until a line of the class is torn down. Without a value, lines of the class
 * stay.
 */
type TimeToLive = { readonly [Class in "hotfix" | "main" | "feature"]?: number };

/** Retention of replaced versions. A version that was removed cannot be released again. */
type Retention = {
  readonly artifactVersionsDays: number;
  /** So many replaced versions of an artifact stay however old they are. */
  readonly artifactVersionsCount?: number;
};

/** Lines that keep their version of a release template during rollouts. */
type TemplateRules = {
  readonly pins: readonly { readonly version: string; readonly lines: LineSelector }[];
  readonly exclude: readonly LineSelector[];
};

/** Defaults for artifacts that name no release template and match none. */
type Defaults = {
  /** Release templates such as `custom@^1`, by a pipeline type or a family of the traits. */
  readonly templates: Readonly<Record<string, string>>;
};

export type Estate = {
  readonly region: string;
  readonly central: string;
  readonly organization?: string;
  readonly limits: Limits;
  readonly classes: Classes;
  readonly teams: readonly Team[];
  readonly pace: Pace;
  readonly ttlDays: TimeToLive;
  readonly retention: Retention;
  /** By name of the release template. */
  readonly templates: Readonly<Record<string, TemplateRules>>;
  readonly defaults: Defaults;
  /** Absent when the estate file has no rules of its own: `defaultTerraform` holds then. */
  readonly terraform?: TerraformRules;
  readonly anchors: readonly Anchor[];
};
export const defaultClasses: Classes = { hotfix: ["hotfix/**"], main: ["main", "master", "release/**"] };

export const defaultPace: Pace = {
  releases: 50,
  hotfixes: 25,
  pipelines: 1000, // AWS's default
  ageingMinutes: 30,
};

export const defaultRetention: Retention = { artifactVersionsDays: 365 };
