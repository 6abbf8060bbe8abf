/**
 * A tiny AWS for one line: a stack with a pipeline of SUPERSEDED executions, two application stacks, an unreliable queue.
 * It moves only when told to, one transition at a time, so a test can try every interleaving.
 */
import { decide } from "#release/line/decide.ts";
import type { Cause, Execution, Message, Observation, StageNow } from "#release/line/observation.ts";
import { afterStep, type Step } from "#release/line/step.ts";
import { artifact, observation, plan, planned } from "./observations.ts";

const stageNames = ["Source", "Package", "dev", "prod"];
const environments = ["dev", "prod"];
type Version = { readonly id: string; readonly size: number; readonly digest: string };
type Run = {
  readonly id: string;
  readonly pinned: string;
  status: Execution["status"];
  stage: number;
  at: "waiting" | "approval" | "working";
  stopReason?: string;
};
type App = { status: string; version: string };

export class LineModel {
  readonly versions: Version[] = [];
  readonly started: string[] = [];
  readonly apps = new Map<string, App>();
  stack: { status: string; digest: string } | undefined;
  cached = false;
  runs: Run[] = [];
  queue: Message[] = [];
  lastStep: Step | undefined;
  /** Calls that AWS would have rejected, and broken promises of the product. */
  readonly violations: string[] = [];
  readonly supersede: boolean;
  #bundle = "";
  #firstRun: string | undefined;
  #closed: string | undefined;
  #tokens = new Map<string, string>();
  #count = 0;

  constructor(supersede: boolean) {
    this.supersede = supersede;
  }

  upload(size: number, digest: string): void {
    const id = `v${this.versions.length + 1}`;
    this.versions.push({ id, size, digest });
    this.send("upload");
  }

  send(cause: Cause): void {
    this.#count += 1;
    this.queue.push({ cause, id: `m${this.#count}` });
  }

  /** Handles the first message. `before`, `after`: the Lambda dies there and the message comes again. */
  deliver(death?: "before" | "after"): void {
    const message = this.queue.shift();
    if (message === undefined) return;
    let seen = this.#observe(message);
    let step = decide(seen);
    while (step.type === "observe") {
      seen =
        step.at === "artifact"
          ? { ...seen, dispatch: this.#dispatch() }
          : { ...seen, appStacks: this.#appStacks() };
      step = decide(seen);
    }
    this.lastStep = step;
    if (death !== "before") this.#act(step);
    if (death !== undefined) this.queue.unshift(message);
    else if (afterStep[step.type] === "again") this.send("operator");
  }

  /** The changes that AWS could make next by itself. */
  transitions(): readonly (() => void)[] {
    return [
      ...this.#stackTransitions(),
      ...this.runs
        .filter(({ status }) => status === "InProgress")
        .flatMap((run) => this.#runTransitions(run)),
      ...this.runs
        .filter(({ status }) => status === "Stopping")
        .map((run) => () => this.#end(run, "Stopped")),
      ...[...this.apps].flatMap(([name, app]) => this.#appTransitions(name, app)),
    ];
  }

  #stackTransitions(): readonly (() => void)[] {
    const { stack } = this;
    if (stack === undefined) return [];
    const firstRun = this.#firstRun;
    if (firstRun !== undefined) {
      const appear = (): void => {
        this.#firstRun = undefined;
        this.#start(firstRun);
      };
      return [appear];
    }
    const to = (status: string, then: () => void = () => {}) => [
      () => {
        stack.status = status;
        then();
        this.send("stack");
      },
    ];
    switch (stack.status) {
      case "CREATE_IN_PROGRESS":
        return to("CREATE_COMPLETE", () => {
          this.#firstRun = this.#bundle;
        });
      case "UPDATE_IN_PROGRESS":
        return to("UPDATE_COMPLETE", () => {
          for (const run of this.runs.filter(({ status }) => status === "InProgress"))
            this.#end(run, "Cancelled");
        });
      case "DELETE_IN_PROGRESS":
        return to("gone", () => {
          this.stack = undefined;
          this.runs = [];
          this.#closed = undefined;
          this.#firstRun = undefined;
          this.#tokens.clear();
        });
      default:
        return [];
    }
  }

  #runTransitions(run: Run): readonly (() => void)[] {
    const name = stageNames[run.stage] ?? "";
    if (run.at === "approval") return [() => this.#move(run, "working")];
    if (run.at === "working") return [() => this.#leave(run, name)];
    const held = this.runs.some((other) => other !== run && holds(other, run.stage));
    const shut = name === "Package" && this.#closed !== undefined;
    return held || shut ? [] : [() => this.#enter(run, name)];
  }

  #enter(run: Run, name: string): void {
    this.#move(run, name === "prod" ? "approval" : "working");
    if (environments.includes(name) && name !== "prod") this.#deploy(run, name);
  }

  #deploy(run: Run, name: string): void {
    if (this.apps.get(name)?.status === "DELETE_IN_PROGRESS")
      this.violations.push(`${name} deployed while being deleted`);
    this.apps.set(name, { status: "UPDATE_IN_PROGRESS", version: run.pinned });
  }

  #leave(run: Run, name: string): void {
    if (environments.includes(name)) this.apps.set(name, { status: "UPDATE_COMPLETE", version: run.pinned });
    if (run.stage === stageNames.length - 1) {
      this.#end(run, "Succeeded");
      return;
    }
    run.stage += 1;
    // Only one execution waits before a stage: the newest (runs are listed newest first).
    const waiting = this.runs.filter(
      (each) => each.status === "InProgress" && each.stage === run.stage && each.at === "waiting",
    );
    this.#move(run, "waiting");
    for (const older of [...waiting, run]
      .sort((a, b) => this.runs.indexOf(a) - this.runs.indexOf(b))
      .slice(1)) {
      this.#end(older, "Superseded");
    }
  }

  #move(run: Run, at: Run["at"]): void {
    if (run.at === "approval" && at === "working") this.#deploy(run, stageNames[run.stage] ?? "");
    run.at = at;
    this.send("pipeline");
  }

  #end(run: Run, status: Execution["status"]): void {
    run.status = status;
    this.send("pipeline");
  }

  #appTransitions(name: string, app: App): readonly (() => void)[] {
    const owned = this.runs.some(
      ({ status, stage, at }) => status === "InProgress" && stageNames[stage] === name && at === "working",
    );
    const done = (then: () => void) => () => {
      then();
      this.send("stack");
    };
    if (app.status === "DELETE_IN_PROGRESS") return [done(() => this.apps.delete(name))];
    // The work of a stopped execution ends by itself.
    if (app.status === "UPDATE_IN_PROGRESS" && !owned) {
      return [done(() => this.apps.set(name, { ...app, status: "UPDATE_COMPLETE" }))];
    }
    return [];
  }

  #start(version: string): void {
    this.#count += 1;
    this.started.push(version);
    this.runs.unshift({
      id: `e${this.#count}`,
      pinned: version,
      status: "InProgress",
      stage: 0,
      at: "working",
    });
    this.send("pipeline");
  }

  #act(step: Step): void {
    const newest = this.versions.at(-1);
    if (newest === undefined) return;
    switch (step.type) {
      case "create-pipeline":
        this.#bundle = newest.id;
        this.cached = true;
        this.stack ??= { status: "CREATE_IN_PROGRESS", digest: step.digest };
        return;
      case "update-pipeline":
        if (this.runs.some(({ status, at }) => status === "InProgress" && at === "working")) {
          this.violations.push("the pipeline was updated under a release at work");
        }
        this.#bundle = newest.id;
        this.stack = { status: "UPDATE_IN_PROGRESS", digest: step.digest };
        return;
      case "start-execution":
        if (!this.#tokens.has(step.token)) this.#start(step.versionId);
        this.#tokens.set(step.token, step.versionId);
        return;
      case "stop-executions":
        for (const run of this.runs.filter(
          ({ id, status }) => step.executions.includes(id) && status === "InProgress",
        )) {
          if (newest.size > 0 && run.at === "working") this.violations.push("a release at work was stopped");
          run.status = "Stopping";
          run.stopReason = step.reason;
        }
        return;
      case "disable-transition":
        this.#closed = step.reason;
        return;
      case "enable-transition":
        this.#closed = undefined;
        return;
      case "delete-app-stacks":
        for (const { environment: name } of step.stacks) {
          const app = this.apps.get(name);
          if (app?.status.endsWith("_IN_PROGRESS"))
            this.violations.push(`${name} deleted while ${app.status}`);
          if (app !== undefined) app.status = "DELETE_IN_PROGRESS";
        }
        return;
      case "delete-pipeline":
        if (this.apps.size > 0) this.violations.push("the pipeline was deleted before its applications");
        if (this.stack?.status.endsWith("_IN_PROGRESS"))
          this.violations.push(`the pipeline was deleted while ${this.stack.status}`);
        if (this.stack) this.stack.status = "DELETE_IN_PROGRESS";
        return;
      case "clear-cache":
        this.cached = false;
        return;
      default:
    }
  }

  #dispatch() {
    const newest = this.versions.at(-1);
    return planned(newest?.id ?? "", newest?.digest);
  }

  #appStacks() {
    return environments.map((environment) => {
      const status = this.apps.get(environment)?.status;
      return { environment, name: environment, level: 0, ...(status !== undefined && { status }) };
    });
  }

  #observe(message: Message): Observation {
    const newest = this.versions.at(-1);
    return observation({
      message,
      supersedePendingApproval: this.supersede,
      ...(newest && { artifact: artifact(newest.id, newest.size) }),
      ...(this.stack && {
        pipeline: { name: plan.pipeline, status: this.stack.status, planDigest: this.stack.digest },
      }),
      executions: this.runs.map(({ id, status, stage, pinned, stopReason }) => ({
        id,
        status,
        ...(stage > 0 && { versionId: pinned }),
        ...(stopReason !== undefined && { stopReason }),
      })),
      stages: this.stack === undefined ? [] : stageNames.map((name, index) => this.#stageNow(name, index)),
    });
  }

  #stageNow(name: string, index: number): StageNow {
    const inside = this.runs.find((run) => holds(run, index));
    const busy = inside?.at === "approval" ? "Approve" : "Execute";
    const shut = name === "Package" && this.#closed !== undefined;
    return {
      name,
      inbound: shut ? { enabled: false, reason: this.#closed ?? "" } : { enabled: true },
      waiting: this.runs
        .filter(({ status, stage, at }) => status === "InProgress" && stage === index && at === "waiting")
        .map(({ id }) => id),
      ...(inside && { execution: { id: inside.id, status: "InProgress" } }),
      actions: inside ? [{ name: busy, status: "InProgress" }] : [],
    };
  }
}

const holds = ({ status, stage, at }: Run, index: number): boolean =>
  ["InProgress", "Stopping"].includes(status) && stage === index && at !== "waiting";
