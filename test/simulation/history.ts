/**
 * The events of a simulation so far, for the invariants: uploads in their order, every execution, and the
 * order of deployments. It reads the cloud's own tables, which no fault of a run can hide.
 */

import type { Execution } from "@kedge/local-cloud/pipeline/execution";
import { functions } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { lineName, pipelineName } from "#release/names/names.ts";
import { actionNames } from "#release/plan/plan.ts";
import type { Asked } from "./asked.ts";
import type { SimulatedCloud } from "./cloud.ts";
import type { Kind } from "./uploads.ts";

export type Uploaded = { readonly version: string; readonly kind: Kind; readonly content: number };

/** An execution as it was seen last. */
export type Seen = {
  readonly id: string;
  readonly status: string;
  /** Absent until its source action has run. */
  readonly version?: string;
  readonly stopReason?: string;
  /** The reason of its first failed action. */
  readonly failure?: string;
};

export const isOver = ({ status }: Pick<Seen, "status">): boolean =>
  status !== "InProgress" && status !== "Stopping";

type Deployment = {
  readonly environment: string;
  readonly execution: string;
  readonly version: string;
};

export type LineHistory = {
  readonly line: Line;
  readonly name: string;
  readonly uploads: Uploaded[];
  readonly executions: Map<string, Seen>;
  readonly deployments: Deployment[];
  /** Versions that an approver rejected. */
  readonly rejected: Set<string>;
  /** The digests of the clearances that an approver approved. */
  readonly approved: Set<string>;
  /** An adversary has swapped a part of a release. */
  faulted: boolean;
};

/** A removal by the product, and the lines it worked for. */
type Removal = { readonly about: string; readonly what: string };

export type History = {
  readonly lines: readonly LineHistory[];
  readonly removals: Removal[];
  /**
   * The number of lines of an anchor that may be at work at once, and the names of the lines whenever there
   * were more.
   */
  readonly slots: number;
  readonly crowds: string[];
  readonly observe: () => void;
  readonly asked: (by: string, asked: Asked, outcome: string, about: string) => void;
  /** Plain data for a simulation that is opened again from a snapshot. */
  readonly copy: () => HistoryCopy;
};

export type HistoryCopy = {
  readonly lines: readonly LineHistory[];
  readonly removals: readonly Removal[];
  readonly slots: number;
  readonly crowds: readonly string[];
};

export const beginHistory = (
  lines: readonly Line[],
  slots: number = Number.POSITIVE_INFINITY,
): HistoryCopy => ({
  lines: lines.map((line) => ({
    line,
    name: lineName(line),
    uploads: [],
    executions: new Map(),
    deployments: [],
    rejected: new Set(),
    approved: new Set(),
    faulted: false,
  })),
  removals: [],
  slots,
  crowds: [],
});

export function createHistory(cloud: SimulatedCloud, from: HistoryCopy): History {
  const { lines, removals, slots, crowds } = structuredClone(from) as HistoryCopy & {
    lines: LineHistory[];
    removals: Removal[];
    crowds: string[];
  };
  const copy = (): HistoryCopy => structuredClone({ lines, removals, slots, crowds });
  return {
    ...{ lines, removals, slots, crowds },
    observe: () => {
      for (const line of lines) observe(cloud, line);
      for (const atWork of Map.groupBy(lines.filter(isAtWork), ({ line }) => line.account).values())
        if (atWork.length > slots) crowds.push(atWork.map(({ name }) => name).join(" and "));
    },
    asked: (by, { operation, input }, _, about) => {
      const owner = by === functions.sweep ? ended(lines) : about;
      for (const what of removed(operation, input)) removals.push({ about: owner, what });
    },
    copy,
  };
}

/**
 * Hotfixes have a slot of their own and do not count. Lines with an approval do not count either: a waiting
 * approval takes no slot, and an approved release continues without one.
 */
const isAtWork = ({ line, executions }: LineHistory): boolean =>
  !/^(main$|hotfix\/)/.test(line.branch) &&
  [...executions.values()].some(({ status }) => status === "InProgress");

/** The names of ended lines, whose orphans the orphan collection may remove. */
const ended = (lines: readonly LineHistory[]): string =>
  lines
    .filter(({ uploads }) => (uploads.at(-1)?.kind ?? "tombstone") === "tombstone")
    .map(({ name }) => name)
    .join(" ");

function observe(cloud: SimulatedCloud, { line, executions, deployments }: LineHistory): void {
  const rows = cloud.rows<Execution>("codepipeline", line.account, `executions:${pipelineName(line)}`);
  const started: (Deployment & { readonly at: number })[] = [];
  for (const row of rows) {
    const version = versionOf(row);
    executions.set(row.id, {
      id: row.id,
      status: row.status,
      ...(version !== undefined && { version }),
      ...(row.stop?.reason !== undefined && { stopReason: row.stop.reason }),
      ...failureOf(row),
    });
    for (const { action, stage, startTime } of row.actions) {
      if (action !== actionNames.execute || version === undefined) continue;
      if (deployments.some((known) => known.execution === row.id && known.environment === stage)) continue;
      started.push({ environment: stage, execution: row.id, version, at: startTime.getTime() });
    }
  }
  for (const { at: _, ...deployment } of started.sort((left, right) => left.at - right.at))
    deployments.push(deployment);
}

/** The artifact's version. The rest of the source's summary is the release template. */
export const versionOf = ({ revisions }: Pick<Execution, "revisions">): string | undefined =>
  revisions.find(({ actionName }) => actionName === actionNames.source)?.revisionSummary?.split(" ")[0];

function failureOf({ actions }: Execution): { readonly failure?: string } {
  const failed = actions.find(({ status }) => status === "Failed");
  if (failed === undefined) return {};
  const { error } = failed.details;
  return {
    failure: `${failed.stage} ${failed.action}: ${error?.message ?? error?.code ?? "no reason given"}`,
  };
}

function removed(operation: string, input: Asked["input"]): readonly string[] {
  switch (operation) {
    case "DeleteStack":
      return [String(input["StackName"])];
    case "DeleteObjects": {
      const { Objects = [] } = (input["Delete"] ?? {}) as { Objects?: readonly { readonly Key?: string }[] };
      return Objects.map(({ Key = "" }) => Key);
    }
    default:
      return [];
  }
}
