/**
 * A whole anchor in memory: the fakes joined, a queue of lines that hands out a failed message again, and a
 * clock that counts. Changes in the fakes reach the queue as events would.
 */
import { nameIn, type ReconcileRequest } from "#journey/message.ts";
import { type ReconcileDeps, type Reconciled, reconcile } from "#journey/reconcile.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { LineEvent } from "#release/line/line-event.ts";
import type { Result } from "#release/line/result.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { lineName, lineNameOfPipeline } from "#release/names/names.ts";
import { linesOfStackName } from "#release/names/stack-names.ts";
import { memoryApplications } from "./applications.ts";
import { builtInRegistry } from "./built-in-registry.ts";
import { countingClock } from "./counting-clock.ts";
import { type Executioner, killing } from "./killing.ts";
import { memoryLineMessages } from "./line-messages.ts";
import { memoryPeople, memoryUploadRecords } from "./people.ts";
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

export type FakeAnchor = ReturnType<typeof fakeAnchor>;

export const fakeEstate: Estate = parseEstate(estateText);

export function fakeAnchor(estate = fakeEstate) {
  const artifacts = memoryArtifacts();
  const results = memoryResults();
  const cache = memoryCache();
  const slotRecords = memorySlotRecords();
  const applications = memoryApplications();
  const pipelines = memoryPipelines(cache, applications);
  const messages = memoryLineMessages();
  const { lines, push, queue } = messages;
  const rendered: string[] = [];
  const events: LineEvent[] = [];
  const announced: string[] = [];
  const clock = countingClock();
  const people = memoryPeople();
  const uploadRecords = memoryUploadRecords();

  const deps: ReconcileDeps = {
    ...{ artifacts, results, cache, slotRecords, lines, applications, people, uploadRecords },
    estate: { load: async () => estate },
    events: { publish: async (event) => void events.push(event) },
    announcements: { announce: async (subject) => void announced.push(subject) },
    stacks: pipelines.stacks,
    executions: pipelines.executions,
    registry: builtInRegistry,
    clock: clock.now,
    render: async (plan) => {
      rendered.push(plan.pipeline);
      return JSON.stringify(plan);
    },
  };

  /** Lets the fakes make one change. Returns false when there is none to make. */
  const happen = (): boolean => {
    const gone = applications.settleOne();
    if (gone !== undefined) {
      for (const name of linesOfStack(estate, gone)) push({ cause: "stack", lineName: name });
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

  /** Handles the oldest message. A failed message stays in the queue. */
  const deliver = (executioner?: Executioner): Promise<Reconciled | undefined> =>
    messages.deliver((request, id) =>
      reconcile(executioner ? killing(deps, executioner) : deps, request, id),
    );

  return {
    ...{ deps, lines, artifacts, results, cache, slotRecords, applications, pipelines, queue, rendered },
    ...{ people, uploadRecords },
    ...{ events, announced },
    ...{ push, happen, deliver },
    sleep: clock.sleep,
    /**
     * Delivers messages and lets the fakes change until the anchor is idle. `onError` gets the error of
     * every failed delivery.
     */
    settle: async (executioner?: Executioner, onError?: (error: unknown) => void): Promise<void> => {
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
    },
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

/** Returns the names of the lines that may own an application stack. */
function linesOfStack(estate: Estate, stack: string): readonly string[] {
  const environments = estate.anchors.flatMap((anchor) => anchor.environments.map(({ name }) => name));
  return linesOfStackName(stack.slice(stack.indexOf("/") + 1), environments);
}

function resultAt(objects: ReadonlyMap<string, string>, key: string): Result | undefined {
  const json = objects.get(key);
  return json === undefined ? undefined : parseResult(json);
}
