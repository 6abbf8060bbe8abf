/** The estate: which accounts exist, which environments they are, and which branches may reach them. One file declares it. */

import type { Limits } from "#release/zip/limits.ts";
import type { LineSelector } from "./line-selector.ts";

/** Projects and functions that artifacts of the release template `custom` may be handed to. */
export type Handlers = { readonly projects: readonly string[]; readonly functions: readonly string[] };

export type Environment = {
  readonly name: string;
  /** What it may be called, the general name first and its own last: `prod`, `acme-prod`. */
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
  /** Somebody has to approve the change set before it is executed. */
  readonly approval: boolean;
  readonly approvalTimeoutMinutes: number;
  /** A line that reaches it may not be torn down by an upload, unless `allowTombstone` says so. */
  readonly protected: boolean;
  /** Patterns of branches that may reach it: `main`, `release/*` (one segment), `**` (anything). `!x` takes out again. */
  readonly branches: readonly string[];
  readonly handlers?: Handlers;
};

export type Anchor = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Branches that may be torn down although they reach a protected environment. */
  readonly allowTombstone: readonly string[];
  /** A newer version ends the pending approval of an older one. */
  readonly supersedePendingApproval: boolean;
  /** ARNs of who may assume kedge-ci; the account's own policies decide where nobody is named. */
  readonly uploaders?: readonly string[];
  /** The same for kedge-approver. */
  readonly approvers?: readonly string[];
  /** Who uploads does not approve: both are named, and share nobody. `kedge access` checks it. */
  readonly separateDuties?: boolean;
  /** What rollouts of release templates may select it by. */
  readonly tags: Readonly<Record<string, string>>;
  /** In promotion order. */
  readonly environments: readonly Environment[];
};
/** Patterns of branches by class; what fits neither is a feature. A branch that fits both is a hotfix. */
type Classes = { readonly hotfix: readonly string[]; readonly main: readonly string[] };

export type Team = {
  readonly name: string;
  /** Patterns of app names. */
  readonly apps: readonly string[];
  /** How many of its lines may be at work at once in an anchor. */
  readonly concurrent: number;
};

/** How much an anchor does at once. */
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

/** Days after its last upload a line of the class is torn down; never, where none are given. */
type TimeToLive = { readonly [Class in "hotfix" | "main" | "feature"]?: number };

/** How long what was replaced is kept: what is gone cannot be released again. */
type Retention = {
  readonly artifactVersionsDays: number;
  /** So many replaced versions of an artifact stay however old they are. */
  readonly artifactVersionsCount?: number;
};

/** Which lines keep a version of a release template whatever is rolled out. */
type TemplateRules = {
  readonly pins: readonly { readonly version: string; readonly lines: LineSelector }[];
  readonly exclude: readonly LineSelector[];
};

/** What holds for artifacts that do not say, and are not recognised. */
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
