/**
 * The part of a story's state that is not in its tables: results, executions, deployments, messages on their
 * way, and the remaining steps. An ended execution keeps only the values that an invariant or the product
 * reads.
 */
import { isFinal, type Result } from "#release/line/result.ts";
import type { SimulatedCloud } from "./cloud.ts";
import { reportedResult } from "./estate-view.ts";
import { type History, isOver, type LineHistory } from "./history.ts";
import { askedIn, pendingMessages, requestsOf, uploadOf } from "./pending-messages.ts";
import type { Rest } from "./scene.ts";

type ReportedResults = {
  readonly latest: Result | undefined;
  readonly versions: ReadonlyMap<string, Result | undefined>;
};

export async function extraState(cloud: SimulatedCloud, { lines }: History, rest: Rest): Promise<unknown> {
  const results = await Promise.all(lines.map((line) => reportedResultsOf(cloud, line)));
  const settled = new Set(lines.flatMap((line, at) => settledOf(line, results[at])));
  return [
    pendingMessages(cloud, settled, rest.late === 0),
    rest.uploaded,
    rest.held.map((each) =>
      each.type === "event"
        ? requestsOf(cloud, each.event).map((request) => askedIn(request, settled))
        : uploadOf(each.body),
    ),
    lines.map((line, at) => [words(line, results[at]), started(line), deployed(line)]),
  ];
}

async function reportedResultsOf(
  cloud: SimulatedCloud,
  { line, uploads }: LineHistory,
): Promise<ReportedResults> {
  const versions = uploads.map(
    async ({ version }) => [version, await reportedResult(cloud, line, version)] as const,
  );
  return { latest: await reportedResult(cloud, line), versions: new Map(await Promise.all(versions)) };
}

function settledOf({ executions }: LineHistory, results: ReportedResults | undefined): readonly string[] {
  const versions = [...(results?.versions ?? [])]
    .filter(([, result]) => result && isFinal(result))
    .map(([id]) => id);
  const over = [...executions.values()].filter(
    (execution) => isOver(execution) && versions.includes(execution.version ?? ""),
  );
  return [...versions, ...over.map(({ id }) => id)];
}

/**
 * The wording of a result that is not final makes no difference, because each reconciliation writes a changed
 * result again.
 */
function words({ uploads }: LineHistory, results: ReportedResults | undefined): unknown {
  const newest = uploads.at(-1)?.version;
  const word = (result: Result | undefined): unknown =>
    result && [result.version, isFinal(result) ? result.status : "open"];
  return [
    word(results?.latest),
    ...[...(results?.versions ?? [])].map(([version, result]) =>
      version !== newest && result && isFinal(result) ? "final" : word(result),
    ),
  ];
}

const started = ({ executions, uploads }: LineHistory): unknown =>
  [...executions.values()].map((execution) =>
    execution.version !== undefined && execution.version !== uploads.at(-1)?.version && isOver(execution)
      ? execution.version
      : execution,
  );

/** The newest of the line's uploads that was deployed to each environment. */
function deployed({ uploads, deployments }: LineHistory): unknown {
  const order = uploads.map(({ version }) => version);
  const byEnvironment = Map.groupBy(deployments, ({ environment }) => environment);
  return [...byEnvironment].map(([environment, all]) => [
    environment,
    Math.max(...all.map(({ version }) => order.indexOf(version))),
  ]);
}
