/**
 * The part of a story's state that is not in its tables: results, executions, deployments, messages on their
 * way, and the remaining steps. An ended execution keeps only the values that an invariant or the product
 * reads.
 */
import { isFinal, type Result } from "#release/line/result.ts";
import type { World } from "./cloud.ts";
import { toldOf } from "./estate-view.ts";
import { type History, isOver, type LineHistory } from "./history.ts";
import { askedIn, looksOf, mailOf, uploadOf } from "./mail.ts";
import type { Rest } from "./scene.ts";

type Told = {
  readonly latest: Result | undefined;
  readonly versions: ReadonlyMap<string, Result | undefined>;
};

export async function beside(world: World, { lines }: History, rest: Rest): Promise<unknown> {
  const told = await Promise.all(lines.map((line) => toldTo(world, line)));
  const settled = new Set(lines.flatMap((line, at) => settledOf(line, told[at])));
  return [
    mailOf(world, settled, rest.late === 0),
    rest.uploaded,
    rest.held.map((each) =>
      each.type === "event"
        ? looksOf(world, each.event).map((look) => askedIn(look, settled))
        : uploadOf(each.body),
    ),
    lines.map((line, at) => [words(line, told[at]), started(line), deployed(line)]),
  ];
}

async function toldTo(world: World, { line, uploads }: LineHistory): Promise<Told> {
  const versions = uploads.map(async ({ version }) => [version, await toldOf(world, line, version)] as const);
  return { latest: await toldOf(world, line), versions: new Map(await Promise.all(versions)) };
}

function settledOf({ executions }: LineHistory, told: Told | undefined): readonly string[] {
  const versions = [...(told?.versions ?? [])]
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
function words({ uploads }: LineHistory, told: Told | undefined): unknown {
  const newest = uploads.at(-1)?.version;
  const word = (result: Result | undefined): unknown =>
    result && [result.version, isFinal(result) ? result.status : "open"];
  return [
    word(told?.latest),
    ...[...(told?.versions ?? [])].map(([version, result]) =>
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
  const places = Map.groupBy(deployments, ({ environment }) => environment);
  return [...places].map(([environment, all]) => [
    environment,
    Math.max(...all.map(({ version }) => order.indexOf(version))),
  ]);
}
