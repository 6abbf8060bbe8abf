/**
 * Pipeline stacks and their SUPERSEDED executions, in memory. The fake changes only on request: `settleOne`
 * makes the next change and returns what an event would say about it.
 */
import type { Executions } from "#ports/executions.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineInput, PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { ActionRun, Execution, StageNow } from "#release/line/observation.ts";
import { cacheKeys, lineNameOfPipeline } from "#release/names/names.ts";
import { actionNames, type Plan } from "#release/plan/plan.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { MemoryApplications } from "./applications.ts";
import type { MemoryCache } from "./storage.ts";

type Run = {
  readonly id: string;
  readonly bundle: string;
  status: Execution["status"];
  versionId?: string;
  template?: string;
  stopReason?: string;
  stage: number;
  at: "waiting" | "approval" | "working";
  readonly actions: ActionRun[];
};

type Pipeline = {
  status: string;
  input: PipelineInput;
  plan: Plan;
  runs: Run[];
  readonly closed: Map<string, string>;
  readonly tokens: Map<string, string>;
};

type Happening = {
  readonly cause: "pipeline" | "stack";
  readonly pipeline: string;
  readonly executionId?: string;
};

type MemoryPipelines = {
  readonly stacks: PipelineStacks;
  readonly executions: Executions;
  readonly pipelines: Map<string, Pipeline>;
  /** Environments in which deployments fail, with the text of the failure. */
  readonly failing: Map<string, string>;
  /** Pipelines whose next creation fails. */
  readonly uncreatable: Set<string>;
  readonly started: string[];
  readonly settleOne: () => Happening | undefined;
  readonly approveAll: () => void;
};

/** The templates of the fake's stacks are plans in JSON, as the fake anchor's `render` writes them. */
export function memoryPipelines(
  cache: MemoryCache & Pick<LineCache, "get">,
  applications: MemoryApplications,
): MemoryPipelines {
  const pipelines = new Map<string, Pipeline>();
  const failing = new Map<string, string>();
  const uncreatable = new Set<string>();
  const started: string[] = [];
  const stackTokens = new Set<string>();
  /** Changes that no call of `settleOne` has returned yet. */
  const untold: Happening[] = [];
  let count = 0;

  const at = (name: string): Pipeline => {
    const found = pipelines.get(name);
    if (found === undefined) throw new TypeError(`There is no pipeline ${name}.`);
    return found;
  };
  const begin = (name: string, bundle: string): string => {
    count += 1;
    const id = `execution-${count}`;
    at(name).runs.unshift({ id, bundle, status: "InProgress", stage: 0, at: "working", actions: [] });
    const summary = cache.summaryOf(cacheKeys.bundle(lineNameOfPipeline(name) ?? ""), bundle) ?? "?";
    started.push(summary.split(" ")[0] ?? "?");
    return id;
  };
  const newestBundle = (name: string): string =>
    cache.objects.get(cacheKeys.bundle(lineNameOfPipeline(name) ?? ""))?.at(-1)?.id ?? "none";

  const finish = (name: string, run: Run, status: Execution["status"]): void => {
    run.status = status;
    untold.push({ cause: "pipeline", pipeline: name, executionId: run.id });
  };

  const endStack = (name: string, pipeline: Pipeline): Happening | undefined => {
    switch (pipeline.status) {
      case "CREATE_IN_PROGRESS":
        if (uncreatable.delete(name)) pipeline.status = "ROLLBACK_COMPLETE";
        else {
          pipeline.status = "CREATE_COMPLETE";
          begin(name, newestBundle(name));
        }
        break;
      case "UPDATE_IN_PROGRESS":
        pipeline.status = "UPDATE_COMPLETE";
        for (const run of pipeline.runs) {
          if (run.status === "InProgress") finish(name, run, "Cancelled");
        }
        break;
      case "DELETE_IN_PROGRESS":
        pipelines.delete(name);
        break;
      default:
        return undefined;
    }
    return { cause: "stack", pipeline: name };
  };

  const stageOf = ({ plan }: Pipeline, run: Run) => plan.stages[run.stage];
  const holds = (run: Run, stage: number): boolean =>
    run.status === "InProgress" && run.stage === stage && run.at !== "waiting";

  const advance = (pipeline: Pipeline, run: Run): boolean => {
    const stage = stageOf(pipeline, run);
    if (run.status === "Stopping") run.status = "Stopped";
    else if (run.status !== "InProgress" || run.at === "approval" || stage === undefined) return false;
    else if (run.at === "waiting") {
      if (pipeline.closed.has(stage.name)) return false;
      if (pipeline.runs.some((other) => other !== run && holds(other, run.stage))) return false;
      run.at = stage.actions.some(({ type }) => type === "approve") ? "approval" : "working";
    } else work(pipeline, run, stage);
    return true;
  };

  const work = (pipeline: Pipeline, run: Run, stage: Plan["stages"][number]): void => {
    const source = stage.actions.find(({ type }) => type === "source");
    if (source?.type === "source") {
      const [versionId, template] = cache.summaryOf(source.key, run.bundle)?.split(" ") ?? [];
      if (versionId !== undefined) run.versionId = versionId;
      if (template !== undefined) run.template = template;
    }
    const execute = stage.actions.find(({ type }) => type === "execute" || type === "execute-cleared");
    const failure = failing.get(stage.name);
    const status = failure !== undefined && execute ? "Failed" : "Succeeded";
    run.actions.push(
      ...stage.actions.map(
        (action): ActionRun => ({
          stage: stage.name,
          action: action.name,
          status: action === execute ? status : "Succeeded",
          ...(action === execute && status === "Failed" && { message: "The stack is rolled back." }),
        }),
      ),
    );
    if (execute?.type === "execute" || execute?.type === "execute-cleared") {
      const broken = { status: "ROLLBACK_COMPLETE", ...(failure !== undefined && { failure }) };
      applications.set(
        execute.target,
        execute.stackName,
        status === "Failed" ? broken : { status: "CREATE_COMPLETE" },
      );
    }
    if (status === "Failed") run.status = "Failed";
    else if (run.stage === pipeline.plan.stages.length - 1) run.status = "Succeeded";
    else {
      run.stage += 1;
      run.at = "waiting";
      const waiting = pipeline.runs.filter(
        (each) => each.status === "InProgress" && each.stage === run.stage && each.at === "waiting",
      );
      // Runs are listed newest first.
      for (const older of waiting.slice(1)) finish(pipeline.plan.pipeline, older, "Superseded");
    }
  };

  return {
    pipelines,
    failing,
    uncreatable,
    started,
    approveAll: () => {
      for (const { runs } of pipelines.values())
        for (const run of runs) if (run.status === "InProgress" && run.at === "approval") run.at = "working";
    },
    settleOne: () => {
      const news = untold.shift();
      if (news !== undefined) return news;
      for (const [name, pipeline] of pipelines) {
        const happening = endStack(name, pipeline);
        if (happening !== undefined) return happening;
        if (stackPhase(pipeline.status) === "broken") continue;
        const moved = pipeline.runs.toReversed().find((run) => advance(pipeline, run));
        if (moved !== undefined) return { cause: "pipeline", pipeline: name, executionId: moved.id };
      }
      return undefined;
    },
    stacks: {
      describe: async (name) => {
        const pipeline = pipelines.get(name);
        if (pipeline === undefined) return undefined;
        const { status, input } = pipeline;
        const { planDigest, releaseTemplate: template, token } = input;
        const failed = stackPhase(status) === "broken";
        return {
          status,
          planDigest,
          template,
          ...(failed && { lastToken: token, failure: "It was made to fail." }),
        };
      },
      create: async (input) => {
        if (pipelines.has(input.name)) return;
        const plan = JSON.parse(input.template) as Plan;
        pipelines.set(input.name, {
          status: "CREATE_IN_PROGRESS",
          input,
          plan,
          runs: [],
          closed: new Map(),
          tokens: new Map(),
        });
      },
      update: async (input) => {
        if (stackTokens.has(input.token)) return;
        stackTokens.add(input.token);
        const pipeline = at(input.name);
        pipeline.status = "UPDATE_IN_PROGRESS";
        pipeline.input = input;
        pipeline.plan = JSON.parse(input.template) as Plan;
      },
      remove: async (name) => {
        const pipeline = pipelines.get(name);
        if (pipeline !== undefined) pipeline.status = "DELETE_IN_PROGRESS";
      },
    },
    executions: {
      list: async (name) => (pipelines.get(name)?.runs ?? []).map(executionOf),
      stages: async (name) => {
        const pipeline = pipelines.get(name);
        const there =
          pipeline !== undefined && !["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"].includes(pipeline.status);
        return there ? pipeline.plan.stages.map((_, index) => stageNow(pipeline, index)) : [];
      },
      actions: async (name, id) => at(name).runs.find((run) => run.id === id)?.actions ?? [],
      start: async ({ pipeline, bundle, token }) => {
        const { tokens } = at(pipeline);
        if (!tokens.has(token)) tokens.set(token, begin(pipeline, bundle));
      },
      stop: async (name, id, reason) => {
        const run = at(name).runs.find((each) => each.id === id);
        if (run?.status !== "InProgress") return;
        run.status = "Stopping";
        run.stopReason = reason;
      },
      disableTransition: async (name, stage, reason) => void at(name).closed.set(stage, reason),
      enableTransition: async (name, stage) => void at(name).closed.delete(stage),
    },
  };
}

const executionOf = ({ id, status, versionId, template, stopReason }: Run): Execution => ({
  id,
  status,
  ...(versionId !== undefined && { versionId }),
  ...(template !== undefined && { template }),
  ...(stopReason !== undefined && { stopReason }),
});

function stageNow({ plan, runs, closed }: Pipeline, index: number): StageNow {
  const stage = plan.stages[index];
  const name = stage?.name ?? "";
  const inside = runs.find(
    (run) => run.stage === index && run.at !== "waiting" && run.status !== "Superseded",
  );
  const reason = closed.get(name);
  const approving = inside?.at === "approval";
  return {
    name,
    inbound: { enabled: reason === undefined, ...(reason !== undefined && { reason }) },
    waiting: runs
      .filter((run) => run.status === "InProgress" && run.stage === index && run.at === "waiting")
      .map(({ id }) => id),
    ...(inside && { execution: { id: inside.id, status: inside.status } }),
    actions: (stage?.actions ?? []).map((action) => ({
      name: action.name,
      ...(approving && action.name === actionNames.approve && { status: "InProgress" as const }),
    })),
  };
}
