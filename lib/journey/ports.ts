/**
 * What the use cases need of the outside, cut by need. One promise holds for every port: "it does not exist" is an
 * answer, given only when AWS said exactly that; a throttle, a denial or anything unknown is thrown.
 */
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import type {
  ActionRun,
  ArtifactNow,
  Execution,
  PipelineStack,
  StageNow,
} from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import type { TemplateIndex } from "#release/template/template-index.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type Upload = { readonly key: string; readonly size: number; readonly lastModified: string };

/** The uploads in the central bucket. */
export type Artifacts = {
  /** The newest version at the key; undefined when nothing or a delete marker is there. */
  readonly newest: (key: string) => Promise<ArtifactNow | undefined>;
  readonly reader: (artifact: ArtifactRef) => RangeReader;
  /** A stretch of one version in order, all of it by default; `end` is exclusive. */
  readonly stream: (artifact: ArtifactRef, start?: number, end?: number) => AsyncIterable<Uint8Array>;
  /** What lies at the account's keys now. */
  readonly uploads: (account: string) => AsyncIterable<Upload>;
};

/** The result objects beside them. */
export type Results = {
  readonly read: (key: string) => Promise<string | undefined>;
  readonly write: (key: string, json: string) => Promise<void>;
};

export type EstateFile = { readonly load: () => Promise<Estate> };

/** The published release templates. */
export type TemplateRegistry = {
  readonly index: () => Promise<TemplateIndex>;
  /** Throws `TemplateUnavailable` for a module whose bytes are not those of its digest. */
  readonly load: (ref: TemplateRef) => Promise<LoadedTemplate>;
};

/** What an anchor remembers of its lines. */
export type LineCache = {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /** `summary` becomes the revision summary of an execution whose source it is. Answers the new version's id. */
  readonly put: (key: string, content: Uint8Array, summary?: string) => Promise<string>;
  /** The line names there are folders of. */
  readonly lineNames: () => Promise<readonly string[]>;
  /** Removes every version of every object whose key begins so. */
  readonly forget: (prefix: string) => Promise<void>;
  /** The same of the anchor's cache in another region, where only CodePipeline and parts leave anything. */
  readonly forgetIn: (region: string, prefix: string) => Promise<void>;
};

export type PartContent = { readonly size: number; readonly chunks: () => AsyncIterable<Uint8Array> };

/** Parts of artifacts, under names that tell their content; written once. */
export type Parts = {
  readonly bucket: string;
  readonly region: string;
  readonly has: (key: string) => Promise<boolean>;
  readonly put: (key: string, content: PartContent) => Promise<void>;
  /** The anchor's parts in another region. */
  readonly elsewhere: (region: string) => Parts;
};

/** A mark as it is stored, with every version there is of it. */
export type StoredMark = { readonly key: string; readonly versions: readonly string[] };

/** What lines leave for each other. A listing shows every mark whose writing has ended, and none that was removed. */
export type Marks = {
  readonly list: (prefix: string) => Promise<readonly StoredMark[]>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly put: (key: string, content: Uint8Array) => Promise<StoredMark>;
  /** Those that are gone already are gone. */
  readonly remove: (marks: readonly StoredMark[]) => Promise<void>;
};

export type LineMessage = {
  /** Each class has a queue of its own. */
  readonly class: BranchClass;
  /** The line's name: messages of one group are handled one after the other. */
  readonly group: string;
  /** Equal messages within five minutes are one. */
  readonly deduplication: string;
  readonly body: string;
};

export type AccountInRegion = { readonly account: string; readonly region: string };

/** The queues of lines to look at, in any anchor. */
export type LineQueue = {
  readonly send: (anchor: AccountInRegion, messages: readonly LineMessage[]) => Promise<void>;
};

/** Messages of those queues that could not be handled. */
export type LineRetry = {
  /** They are handed out again after so many seconds, and not before. `receipts` are of one line, at most ten. */
  readonly later: (queueArn: string, receipts: readonly string[], seconds: number) => Promise<void>;
};

export type PipelineInput = {
  readonly line: Line;
  readonly name: string;
  /** CloudFormation, as JSON text. */
  readonly template: string;
  readonly planDigest: string;
  readonly releaseTemplate: TemplateRef;
  /** What else the stack says of its origin. */
  readonly tags: Readonly<Record<string, string>>;
  /** Equal tokens mean the same call. */
  readonly token: string;
};

/** The stacks that hold the pipelines. */
export type PipelineStacks = {
  readonly describe: (name: string) => Promise<PipelineStack | undefined>;
  readonly create: (input: PipelineInput) => Promise<void>;
  readonly update: (input: PipelineInput) => Promise<void>;
  readonly remove: (name: string, token: string) => Promise<void>;
};

export type Start = {
  readonly pipeline: string;
  /** The version of the release bundle. */
  readonly bundle: string;
  readonly token: string;
};

/** The pipelines' executions and transitions. */
export type Executions = {
  /** The newest twenty, newest first; none when there is no such pipeline. */
  readonly list: (pipeline: string) => Promise<readonly Execution[]>;
  readonly stages: (pipeline: string) => Promise<readonly StageNow[]>;
  /** In order of time. */
  readonly actions: (pipeline: string, execution: string) => Promise<readonly ActionRun[]>;
  readonly start: (start: Start) => Promise<void>;
  /** Work under way is abandoned. An execution that has ended is left as it is. */
  readonly stop: (pipeline: string, execution: string, reason: string) => Promise<void>;
  readonly close: (pipeline: string, stage: string, reason: string) => Promise<void>;
  readonly open: (pipeline: string, stage: string) => Promise<void>;
};

export type FamilyStack = { readonly name: string; readonly status: string; readonly level: number };

/** The application stacks in the target accounts. */
export type Applications = {
  /** The stack of this name, and those whose names continue it; of each the tag `kedge:level`. */
  readonly family: (target: AccountInRegion, first: string) => Promise<readonly FamilyStack[]>;
  /** Undefined when there is no such stack. */
  readonly status: (target: AccountInRegion, stack: string) => Promise<string | undefined>;
  /** The first failure of the stack's last operation, in CloudFormation's words. */
  readonly failure: (target: AccountInRegion, stack: string) => Promise<string | undefined>;
  readonly remove: (target: AccountInRegion, stack: string, token: string) => Promise<void>;
  readonly outputs: (target: AccountInRegion, stack: string) => Promise<Readonly<Record<string, string>>>;
};

/** What Kedge has made, by the beginning of its name, whoever it belongs to. */
export type Leftovers = {
  /** Stacks that are not being deleted. */
  readonly pipelineStacks: (prefix: string) => Promise<readonly string[]>;
  readonly appStacks: (target: AccountInRegion, prefix: string) => Promise<readonly string[]>;
  readonly pipelines: (prefix: string) => Promise<readonly string[]>;
  /** Folders at the top of the cache, without their slash. */
  readonly cacheFolders: (prefix: string) => Promise<readonly string[]>;
  /** The keys of every `latest.json` of the account. */
  readonly results: (account: string) => AsyncIterable<string>;
  /** One that no stack holds. */
  readonly removePipeline: (name: string) => Promise<void>;
  /** The results directly in this folder, which ends in a slash; earlier versions of them stay. */
  readonly removeResults: (folder: string) => Promise<void>;
};

/** A secure one has no value here: nobody but CloudFormation and the application reads it. */
export type StoredParameter = { readonly secure: boolean; readonly value: string; readonly version: number };

/** What the target accounts know: their parameter stores, and which secrets they have. */
export type TargetSettings = {
  /** Those of the parameters that exist; a name may end in a colon and a version. */
  readonly read: (
    target: AccountInRegion,
    names: readonly string[],
  ) => Promise<Readonly<Record<string, StoredParameter>>>;
  /** Those of the secrets' names that exist. */
  readonly secrets: (target: AccountInRegion, names: readonly string[]) => Promise<readonly string[]>;
};

export type Alarm = {
  readonly name: string;
  readonly firing: boolean;
  /** In CloudWatch's words. */
  readonly reason: string;
  /** Of an alarm on one metric: its name, and what was measured last. */
  readonly metric?: string;
  readonly value?: number;
  readonly threshold?: number;
};

/** CloudWatch's alarms in the target accounts. */
export type Alarms = {
  /** Those of the names that exist. */
  readonly describe: (target: AccountInRegion, names: readonly string[]) => Promise<readonly Alarm[]>;
};

/** Parameters of stacks in the target accounts. */
export type StackValues = {
  /** Begins an update to these values; the template and all other values stay as they are. */
  readonly set: (
    target: AccountInRegion,
    stack: string,
    values: Readonly<Record<string, string>>,
    token: string,
  ) => Promise<void>;
};

export type SiteHeaders = {
  readonly cacheControl: string;
  readonly contentType: string;
  /** Tells equal objects without reading them. */
  readonly fingerprint: string;
};

/** Buckets of sites in the target accounts, and the distributions in front of them. */
export type Sites = {
  /** Sizes by key. */
  readonly list: (target: AccountInRegion, bucket: string) => Promise<ReadonlyMap<string, number>>;
  readonly fingerprint: (target: AccountInRegion, bucket: string, key: string) => Promise<string | undefined>;
  readonly put: (
    target: AccountInRegion,
    bucket: string,
    key: string,
    content: PartContent,
    headers: SiteHeaders,
  ) => Promise<void>;
  readonly read: (target: AccountInRegion, bucket: string, key: string) => Promise<string | undefined>;
  readonly write: (target: AccountInRegion, bucket: string, key: string, json: string) => Promise<void>;
  readonly remove: (target: AccountInRegion, bucket: string, keys: readonly string[]) => Promise<void>;
  /** Copies of the paths at the edges; equal `reference`s mean the same request. */
  readonly forget: (
    target: AccountInRegion,
    distribution: string,
    paths: readonly string[],
    reference: string,
  ) => Promise<void>;
};

export type ArtifactLocation = { readonly bucket: string; readonly key: string };

/** Functions in the target accounts. */
export type TargetFunctions = {
  /**
   * Waits for the answer; what the function threw instead comes back as `failed`, in its words. `busy`: it was not
   * called, because as many calls as it takes at once are under way.
   */
  readonly call: (
    target: AccountInRegion,
    name: string,
    payload: string,
  ) => Promise<{ readonly answer: string } | { readonly failed: string } | { readonly busy: true }>;
};

/** Which migrations the databases of the target accounts have seen; records are written once. */
export type MigrationLedger = {
  /** Values by the last part of their names. */
  readonly read: (target: AccountInRegion, path: string) => Promise<ReadonlyMap<string, string>>;
  /** False when there is one of this name. */
  readonly record: (target: AccountInRegion, path: string, name: string, value: string) => Promise<boolean>;
};

/** What CodePipeline hands from action to action. */
export type JobArtifacts = {
  readonly read: (location: ArtifactLocation) => Promise<Uint8Array>;
  readonly write: (location: ArtifactLocation, content: Uint8Array) => Promise<void>;
};

/** The answers to CodePipeline's jobs. */
export type Jobs = {
  readonly succeed: (job: string, outputs: Readonly<Record<string, string>>) => Promise<void>;
  /** The action is invoked again with the token. */
  readonly continueLater: (job: string, token: string) => Promise<void>;
  readonly fail: (job: string, message: string) => Promise<void>;
};

/** ISO 8601, UTC. */
export type Clock = () => string;
