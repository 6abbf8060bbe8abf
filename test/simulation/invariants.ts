/**
 * The invariants at the end of every run with any faults: an invariant has a name, a sentence and a check.
 */

import { isFinal } from "#release/line/result.ts";
import { slotRecordsOf } from "#release/line/slot-records.ts";
import { applicationPrefix, pipelinePrefix } from "#release/names/deployed-names.ts";
import { formatKey } from "#release/names/key.ts";
import { cacheKeys, codeOfLineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { isTeardownMarker } from "#release/names/tokens.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { unclearedStacks } from "./cleared.ts";
import type { SimulatedCloud } from "./cloud.ts";
import { type EstateView, reportedResult, viewEstate } from "./estate-view.ts";
import type { History, LineHistory, Seen, Uploaded } from "./history.ts";
import { labelOf } from "./uploads.ts";

export type Violation = { readonly invariant: string; readonly seen: string };

type End = {
  readonly cloud: SimulatedCloud;
  readonly history: History;
  readonly view: EstateView;
};

type Check = (end: End) => readonly string[] | Promise<readonly string[]>;

type Invariant = {
  readonly says: string;
  readonly check: Check;
  /** A broken invariant stays broken, so that it can be checked at any time. */
  readonly lasting?: true;
};

export const invariants: Readonly<Record<string, Invariant>> = {
  newest: {
    says: "Every line ends in the state its newest object asks for.",
    check: ({ cloud, history, view }) => history.lines.flatMap((line) => newestHolds(cloud, view, line)),
  },
  "started-once": {
    says: "No version is started twice.",
    lasting: true,
    check: ({ history }) => history.lines.flatMap(startedTwice),
  },
  "never-backwards": {
    says: "No older version is deployed after a newer one.",
    lasting: true,
    check: ({ history }) => history.lines.flatMap(deployedBackwards),
  },
  "no-orphans": {
    says: "There is no stack, pipeline or object in a cache that no living line accounts for.",
    check: ({ history, view }) => orphans(history, view),
  },
  "queues-empty": {
    says: "No message and no event is left over.",
    check: ({ view }) => [...view.messages, ...view.pending.map((name) => `an event for ${name}`)],
  },
  "no-dead-letters": {
    says: "Nothing becomes a dead letter.",
    check: ({ view }) => view.deadLetters,
  },
  "own-things-only": {
    says: "A line removes nothing that is another line's.",
    lasting: true,
    check: ({ history }) =>
      history.removals
        .filter(({ about, what }) => !about.split(" ").some((name) => isOf(what, name)))
        .map(({ about, what }) => `looking after ${about || "no line"}, ${what} was removed`),
  },
  cleared: {
    says: "An environment holds only what was cleared for it, and the review says what.",
    lasting: true,
    check: ({ cloud, history }) => unclearedStacks(cloud, history),
  },
  "result-true": {
    says: "What the uploader is told agrees with what there is in AWS.",
    check: async ({ cloud, history }) =>
      (await Promise.all(history.lines.map((line) => resultHolds(cloud, line)))).flat(),
  },
  "within-pace": {
    says: "No more lines of an anchor are at work at once than the estate allows.",
    lasting: true,
    check: ({ history: { crowds, slots } }) => crowds.map((names) => `${names} at once, of ${slots} allowed`),
  },
  quiet: {
    says: "The cloud has nothing to complain of.",
    lasting: true,
    check: ({ cloud }) => cloud.logged,
  },
};

/** Checks all invariants at the end of a run. */
export const checkAll = (cloud: SimulatedCloud, history: History): Promise<readonly Violation[]> =>
  check(cloud, history, Object.entries(invariants));

/** Checks the lasting invariants at any time. */
export const checkLasting = (cloud: SimulatedCloud, history: History): Promise<readonly Violation[]> =>
  check(cloud, history, lasting);

const lasting = Object.entries(invariants).filter(([, invariant]) => invariant.lasting);

async function check(
  cloud: SimulatedCloud,
  history: History,
  asked: readonly (readonly [name: string, Invariant])[],
): Promise<readonly Violation[]> {
  const end: End = { cloud, history, view: viewEstate(cloud) };
  const found: Violation[] = [];
  for (const [invariant, { check: ask }] of asked)
    for (const seen of await ask(end)) found.push({ invariant, seen });
  return found;
}

const newestOf = ({ uploads }: LineHistory): Uploaded | undefined => uploads.at(-1);
const shown = ({ line }: LineHistory): string => formatKey(line);

/** Stacks of the line by their environment. The pipeline's stack has the name `pipeline`. */
function stacksOf(
  cloud: SimulatedCloud,
  view: EstateView,
  { line }: LineHistory,
): ReadonlyMap<string, string> {
  const anchor = cloud.base.estate.anchors.find(({ account }) => account === line.account);
  const labelled = [
    ["pipeline", line.account, pipelineName(line)],
    ...(anchor?.environments ?? []).map(({ name, account }) => [name, account, stackName(name, line)]),
  ];
  return new Map(
    labelled.flatMap(([label = "", account, name]) => {
      const found = view.stacks.find((stack) => stack.account === account && stack.name === name);
      return found === undefined ? [] : [[label, `${found.status} ${found.body}`] as const];
    }),
  );
}

function newestHolds(cloud: SimulatedCloud, view: EstateView, history: LineHistory): readonly string[] {
  const newest = newestOf(history);
  const stacks = stacksOf(cloud, view, history);
  if (newest === undefined || newest.kind === "tombstone")
    return [...stacks.keys()].map((label) => `${shown(history)} has a stack left: ${label}`);
  if (newest.kind === "garbage") return [];
  const { targets } = environmentsFor(cloud.base.estate, history.line);
  const execution = endedAs(history, newest);
  if (execution?.status !== "Succeeded")
    return isExpectedToFail(history, newest, execution) && execution?.status === "Failed"
      ? []
      : [
          `${shown(history)}: the newest version's execution is ${execution?.status ?? "missing"}${execution?.failure === undefined ? "" : ` (${execution.failure})`}`,
        ];
  return targets
    .filter(({ environment }) => {
      const stack = stacks.get(environment) ?? "";
      return !/^(CREATE|UPDATE)_COMPLETE /.test(stack) || !stack.includes(`"${labelOf(newest.content)}"`);
    })
    .map(({ environment }) => {
      const status = stacks.get(environment)?.split(" ")[0] ?? "missing";
      return `${shown(history)}: ${environment} does not have ${labelOf(newest.content)}; its stack is ${status}`;
    });
}

/**
 * The execution that ended the version. An execution that a teardown stopped does not count, because the
 * version may be wanted again.
 */
const endedAs = ({ executions }: LineHistory, { version }: Uploaded): Seen | undefined =>
  [...executions.values()].findLast(
    (execution) => execution.version === version && !isTeardownMarker(execution.stopReason),
  );

const isExpectedToFail = (
  { rejected, faulted }: LineHistory,
  { kind, version }: Uploaded,
  execution: Seen | undefined,
): boolean =>
  kind === "failing" || rejected.has(version) || (faulted && stopped.test(execution?.failure ?? ""));

/** The codes with which a release stops after a swap. */
const stopped = /: (ClearanceBroken|EnvironmentTaken|EnvironmentStopped|AssetAltered): /;

function startedTwice(history: LineHistory): readonly string[] {
  const versions = [...history.executions.values()].flatMap(({ version }) => version ?? []);
  const twice = new Set(versions.filter((version, index) => versions.indexOf(version) !== index));
  return [...twice].map(
    (version) =>
      `${shown(history)}: ${versions.filter((each) => each === version).length} executions of ${nameOf(history, version)}`,
  );
}

function deployedBackwards(history: LineHistory): readonly string[] {
  const order = history.uploads.map(({ version }) => version);
  return history.deployments.flatMap(({ environment, version }, index) => {
    const newer = history.deployments
      .slice(0, index)
      .find(
        (before) =>
          before.environment === environment && order.indexOf(before.version) > order.indexOf(version),
      );
    return newer === undefined
      ? []
      : [
          `${shown(history)}: ${environment} got ${nameOf(history, version)} after ${nameOf(history, newer.version)}`,
        ];
  });
}

const nameOf = ({ uploads }: LineHistory, version: string): string => {
  const at = uploads.findIndex((upload) => upload.version === version);
  return `upload ${at + 1} (${uploads[at]?.kind ?? "unknown"})`;
};

/** Finds resources without a living line. A line is living when its newest object is an artifact. */
function orphans({ lines }: History, { stacks, pipelines, cached }: EstateView): readonly string[] {
  const living = lines
    .filter((history) => (newestOf(history)?.kind ?? "tombstone") !== "tombstone")
    .map(({ name }) => name);
  return [...stacks.map(({ name }) => name), ...pipelines, ...cached].filter(
    (thing) => !living.some((name) => isOf(thing, name)),
  );
}

/** Returns whether a stack, pipeline or key belongs to the line: it has the line's whole name, or its code after a prefix. */
function isOf(thing: string, name: string): boolean {
  const code = codeOfLineName(name);
  const own = [cacheKeys.folder(name), slotRecordsOf(name), cacheKeys.record(code)];
  const named = [`${pipelinePrefix}${code}`, `${applicationPrefix}${code}-`];
  return (
    name !== "" &&
    ([...own, ...named].some((begin) => thing.startsWith(begin)) ||
      (thing.split("/")[0] ?? "").endsWith(`-${name}`))
  );
}

async function resultHolds(cloud: SimulatedCloud, history: LineHistory): Promise<readonly string[]> {
  const newest = newestOf(history);
  const reported = await reportedResult(cloud, history.line);
  if (newest === undefined)
    return reported === undefined ? [] : [`${shown(history)} has a result, but no upload`];
  const say = (what: string): readonly string[] => [
    `${shown(history)}: ${what}, but its latest result says ${reported?.status ?? "nothing"} (${reported?.reason.code ?? ""}) of ${nameOf(history, reported?.version ?? "")}`,
  ];
  const older = await Promise.all(
    history.uploads.slice(0, -1).map(async (upload) => {
      const result = await reportedResult(cloud, history.line, upload.version);
      const open = result !== undefined && !isFinal(result);
      return open
        ? [`${shown(history)}: ${nameOf(history, upload.version)} is still said to be ${result.status}`]
        : [];
    }),
  );
  return [...older.flat(), ...(await latestHolds(history, newest, reported, say))];
}

function latestHolds(
  history: LineHistory,
  newest: Uploaded,
  reported: Awaited<ReturnType<typeof reportedResult>>,
  say: (what: string) => readonly string[],
): readonly string[] {
  if (newest.kind === "tombstone") {
    // A tombstone may leave no result when its line is removed already or has never existed.
    const gone = reported === undefined || reported.status === "torn-down" || reported.status === "rejected";
    return gone ? [] : say("it was torn down");
  }
  if (reported?.version !== newest.version)
    return say(`its newest version is ${nameOf(history, newest.version)}`);
  if (newest.kind === "garbage")
    return reported.status === "rejected" ? [] : say("its newest version is no zip");
  const execution = endedAs(history, newest)?.status;
  const expected = execution === "Succeeded" ? "released" : "failed";
  return reported.status === expected ? [] : say(`its execution has ${execution ?? "never started"}`);
}
