/**
 * A whole anchor in memory: the fakes joined, a queue of lines that hands out a failed message again, and a
 * clock that counts. Changes in the fakes reach the queue as events would.
 */
import { lineMessage, nameIn, type ReconcileRequest, readLineMessage } from "#journey/message.ts";
import { type ReconcileDeps, type Reconciled, reconcile } from "#journey/reconcile.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { Result } from "#release/line/result.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { lineName, lineNameOfPipeline, lineNamesOfAppStack } from "#release/names/names.ts";
import { emptyIndex, type TemplateIndex } from "#release/template/template-index.ts";
import { releaseTemplates } from "#templates/index.ts";
import { memoryApplications } from "./applications.ts";
import { type Executioner, killing } from "./killing.ts";
import { memoryPipelines } from "./pipelines.ts";
import { memoryArtifacts, memoryCache, memoryResults, memorySlotRecords } from "./storage.ts";

export const estateText = `
region: us-east-1
central: "101010101010"
allowTombstone: [main]
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
      - { name: prod, account: "444444444444", order: 2, branches: [main, safe], approval: true, protected: true }
`;

type Queued = { readonly id: string; readonly request: ReconcileRequest };

export type FakeAnchor = ReturnType<typeof fakeAnchor>;

export const fakeEstate: Estate = parseEstate(estateText);

export function fakeAnchor(estate = fakeEstate) {
  const artifacts = memoryArtifacts();
  const results = memoryResults();
  const cache = memoryCache();
  const slotRecords = memorySlotRecords();
  const applications = memoryApplications();
  const pipelines = memoryPipelines(cache, applications);
  const queue: Queued[] = [];
  const rendered: string[] = [];
  let ticks = 0;
  let slept = 0;
  let messages = 0;

  const index: TemplateIndex = {
    ...emptyIndex,
    templates: releaseTemplates.map(({ name, version }) => ({ name, version, sha256: "a".repeat(64) })),
  };
  const deps: ReconcileDeps = {
    estate: { load: async () => estate },
    artifacts,
    results,
    cache,
    slotRecords,
    lines: { send: async (to, messages) => lines.send(to, messages) },
    applications,
    stacks: pipelines.stacks,
    executions: pipelines.executions,
    registry: {
      index: async () => index,
      load: async (ref) => {
        const template = releaseTemplates.find(({ name }) => name === ref.name);
        if (template === undefined) throw new TypeError(`There is no template ${ref.name}.`);
        return { template, ref };
      },
    },
    clock: () => {
      ticks += 1;
      return new Date(Date.UTC(2026, 0, 2 + slept) + ticks * 1000).toISOString();
    },
    render: async (plan) => {
      rendered.push(plan.pipeline);
      return JSON.stringify(plan);
    },
  };
  const lines: LineQueue = {
    send: async (_, sent) => {
      for (const { body } of sent) push(readLineMessage(body));
    },
  };
  const push = (request: ReconcileRequest): void => {
    messages += 1;
    queue.push({
      id: `message-${messages}`,
      request: readLineMessage(lineMessage(request, "feature", "").body),
    });
  };

  /** Lets the fakes make one change. Returns false when there is none to make. */
  const happen = (): boolean => {
    const gone = applications.settleOne();
    if (gone !== undefined) {
      const environments = estate.anchors.flatMap((anchor) => anchor.environments.map(({ name }) => name));
      const names = lineNamesOfAppStack(gone.slice(gone.indexOf("/") + 1), environments);
      for (const lineName of names) push({ cause: "stack", lineName });
      return true;
    }
    const happening = pipelines.settleOne();
    if (happening === undefined) return false;
    const { cause, pipeline, executionId } = happening;
    push({
      cause,
      lineName: lineNameOfPipeline(pipeline) ?? "",
      ...(executionId !== undefined && { executionId }),
    });
    return true;
  };

  const tried = new Set<string>();

  /** Handles the oldest message. A failed message stays in the queue. */
  const deliver = async (executioner?: Executioner): Promise<Reconciled | undefined> => {
    const [first] = queue;
    if (first === undefined) return undefined;
    const request = { ...first.request, again: tried.has(first.id) };
    tried.add(first.id);
    const done = await reconcile(executioner ? killing(deps, executioner) : deps, request, first.id);
    queue.splice(queue.indexOf(first), 1);
    return done;
  };

  /**
   * Delivers messages and lets the fakes change until the anchor is idle. `onError` gets the error of
   * every failed delivery.
   */
  const settle = async (executioner?: Executioner, onError?: (error: unknown) => void): Promise<void> => {
    for (let rounds = 0; rounds < 1000; rounds += 1) {
      if (queue.length > 0) {
        try {
          await deliver(executioner);
        } catch (error) {
          if (onError === undefined) throw error;
          onError(error);
        }
      } else if (!happen()) return;
    }
    throw new TypeError("The anchor does not come to rest.");
  };

  return {
    ...{ deps, lines, artifacts, results, cache, slotRecords, applications, pipelines, queue, rendered },
    push,
    /** Moves the clock by days. */
    sleep: (days: number): void => {
      slept += days;
    },
    happen,
    deliver,
    settle,
    upload: (line: Line, bytes: Uint8Array): string => {
      const versionId = artifacts.upload(formatKey(line), bytes);
      push({ cause: "upload", line, versionId });
      return versionId;
    },
    enqueue: (line: Line, cause: ReconcileRequest["cause"] = "operator"): void =>
      push({ cause, lineName: lineName(line) }),
    waiting: (line: Line): number => queue.filter(({ request }) => nameIn(request) === lineName(line)).length,
    latest: (line: Line): Result | undefined =>
      resultAt(results.objects, resultKeys(formatKey(line), "").latest ?? ""),
    result: (line: Line, versionId: string): Result | undefined =>
      resultAt(results.objects, resultKeys(formatKey(line), versionId).version),
  };
}

function resultAt(objects: ReadonlyMap<string, string>, key: string): Result | undefined {
  const json = objects.get(key);
  return json === undefined ? undefined : parseResult(json);
}
