/**
 * A deployed estate whose queues, events and clock the scenes drive. Functions run behind their real doors and adapters,
 * and every call that they make is noted.
 */
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { DeployedFunction, Poll } from "#test/simulation/base.ts";
import { openSimulatedCloud, type SimulatedCloud } from "#test/simulation/cloud.ts";
import { createPlayer } from "#test/simulation/player.ts";
import { centralClients, type Deployed } from "./deployed-estate.ts";
import type { Central, Line } from "./forms.ts";
import { noteIn, readBody, type Sent, watching, watchingJobs } from "./sent.ts";

export type WiredEstate = AsyncDisposable & {
  /** The accepted calls, in their order. */
  readonly sent: readonly Sent[];
  /** The version ids that S3 gave to uploads. */
  readonly versions: ReadonlySet<string>;
  /** Calls AWS as the administrator of an account; such a call is not noted. */
  readonly ask: SimulatedCloud["ask"];
  readonly central: Central;
  readonly upload: (line: Line, artifact: Uint8Array) => Promise<void>;
  readonly uploadAt: (account: string, key: string, artifact: Uint8Array) => Promise<void>;
  readonly publishEstate: (text: string) => Promise<void>;
  /** The function handles the messages on its queues; no other function runs. */
  readonly handle: (name: string) => Promise<void>;
  /** All functions handle their messages and events until the cloud has no more work within seconds. */
  readonly rest: () => Promise<void>;
  /** Approves the releases that wait in the anchor. */
  readonly approve: (account: string) => Promise<void>;
  /** Time passes for the cloud; no function runs. */
  readonly wait: (ms: number) => Promise<void>;
  /** Time passes, and the functions handle what fell due. */
  readonly pass: (ms: number) => Promise<void>;
  /** The anchor's hourly event comes. */
  readonly resync: (account: string) => Promise<void>;
  /** The function does a job of CodePipeline. */
  readonly work: (account: string, name: string, job: unknown) => Promise<void>;
  /** Invokes the function; returns its answer. */
  readonly invoke: (account: string, name: string, event: unknown) => Promise<unknown>;
  /** AWS denies these calls from now on. */
  readonly deny: (calls: DeniedCalls) => void;
};

type DeniedCalls = { readonly service: string; readonly operation: string; readonly principal?: string };

type Worker = {
  readonly watch: ReturnType<typeof watchingJobs>;
  readonly handler: (event: unknown) => Promise<unknown>;
};

/** Timers that are further away belong to waiting, not to work. */
const horizonMs = 10_000;
const mostMoves = 2000;

/** A cloud that is opened from a snapshot has no pollers: this estate hands out every message and every event. */
export async function openEstate({ accounts, workshop, from }: Deployed): Promise<WiredEstate> {
  const { central, region, anchors } = accounts;
  const { bucket, functions, polls } = workshop.base;
  const cloud = await openSimulatedCloud({ workshop, from });
  const sent: Sent[] = [];
  const note = noteIn(sent);
  const versions = new Set<string>();
  const player = createPlayer(cloud, note);
  const noted = { outcomeOf: readBody };
  const targets = anchors.flatMap((anchor) => anchor.targets.map(({ account }) => account));
  const receive = async (own: readonly Poll[]): Promise<boolean> => {
    for (const poll of own) {
      const held = await player.receive(poll);
      if (held.length === 0) continue;
      await player.batch(poll, held, noted);
      return true;
    }
    return false;
  };
  const move = async (): Promise<boolean> => {
    const [event] = player.events();
    if (event !== undefined) {
      await player.handle(event.id, noted);
      return true;
    }
    if (await receive(polls)) return true;
    return (await answerCustomResource(cloud, targets)) || cloud.tick(horizonMs);
  };
  const rest = async (): Promise<void> => {
    for (let moves = 0; moves < mostMoves; moves += 1) if (!(await move())) return;
    throw new TypeError(`The estate does not come to rest within ${mostMoves} moves.`);
  };
  const put = async (account: string, Bucket: string, Key: string, content: Uint8Array): Promise<string> => {
    const order = { Bucket, Key, Body: Buffer.from(content) };
    const { VersionId = "" } = await cloud.ask<{ VersionId?: string }>(account, "s3", "PutObject", order);
    await cloud.pass(0);
    return VersionId;
  };
  const uploadAt: WiredEstate["uploadAt"] = async (account, key, artifact) => {
    versions.add(await put(account, bucket, key, artifact));
  };
  const functionOf = (account: string, name: string): DeployedFunction => {
    const found = functions.find((each) => each.account === account && each.name === name);
    if (found === undefined) throw new TypeError(`There is no function ${name} in ${account}.`);
    return found;
  };
  const workers = new Map<string, Worker>();
  const workerOf = async (account: string, name: string): Promise<Worker> => {
    const of = functionOf(account, name);
    const known = workers.get(of.role);
    if (known !== undefined) return known;
    const watch = watchingJobs(name, note);
    const worker = { watch, handler: await cloud.sandbox(of, watch) };
    workers.set(of.role, worker);
    return worker;
  };
  return {
    ...{ sent, versions, rest, uploadAt, ask: cloud.ask, wait: cloud.pass },
    central: await centralClients(cloud, workshop, accounts, sent),
    upload: ({ account, app, branch }, artifact) =>
      uploadAt(account, `${account}/${app}/${branch}/latest.zip`, artifact),
    publishEstate: async (text) => {
      await put(central, `kedge-registry-${central}-${region}`, "estate/estate.yml", Buffer.from(text));
    },
    handle: async (name) => {
      const own = polls.filter(({ of }) => of.name === name);
      while (await receive(own));
    },
    approve: (account) => approve(cloud, account),
    pass: async (ms) => {
      await cloud.pass(ms);
      await rest();
    },
    resync: async (account) => {
      player.resync(account);
      await rest();
    },
    work: async (account, name, job) => {
      const { watch, handler } = await workerOf(account, name);
      watch.begin();
      await handler(job).catch(() => undefined); // its answer was denied
    },
    invoke: async (account, name, event) =>
      (await cloud.sandbox(functionOf(account, name), watching(name, note)))(event),
    deny: (calls) => {
      const error = new AwsError("AccessDenied", "Refused on purpose.", 403);
      cloud.kernel.cloud.faults.add({ ...calls, when: "before", error });
    },
    [Symbol.asyncDispose]: cloud.stop,
  };
}

/** Functions of target accounts do not run here; a custom resource gets its answer all the same. */
async function answerCustomResource(cloud: SimulatedCloud, targets: readonly string[]): Promise<boolean> {
  for (const account of targets) {
    const [event] = cloud.rows<QueuedEvent>("lambda", account, "events");
    if (event === undefined) continue;
    const { ResponseURL } = JSON.parse(event.payload) as { readonly ResponseURL: string };
    const { pathname, searchParams } = new URL(ResponseURL);
    const [owner = ""] = searchParams.get("X-Amz-Credential")?.split("/") ?? [];
    const [, Bucket, ...key] = pathname.split("/").map(decodeURIComponent);
    const Body = Buffer.from(JSON.stringify({ Status: "SUCCESS", PhysicalResourceId: event.function }));
    await cloud.ask(owner, "s3", "PutObject", { Bucket, Key: key.join("/"), Body });
    cloud.memory.store.table(`lambda/${account}/${cloud.base.estate.region}/events`).delete(event.id);
    return true;
  }
  return false;
}

type State = {
  readonly stageStates: readonly {
    readonly stageName: string;
    readonly actionStates: readonly {
      readonly actionName: string;
      readonly latestExecution?: { readonly status: string; readonly token?: string };
    }[];
  }[];
};

async function approve({ ask }: SimulatedCloud, account: string): Promise<void> {
  type Listed = { readonly pipelines: readonly { readonly name: string }[] };
  const { pipelines } = await ask<Listed>(account, "codepipeline", "ListPipelines", {});
  for (const { name } of pipelines) {
    const { stageStates } = await ask<State>(account, "codepipeline", "GetPipelineState", { name });
    for (const { stageName, actionStates } of stageStates) {
      for (const { actionName, latestExecution: run } of actionStates) {
        if (run?.status !== "InProgress" || run.token === undefined) continue;
        const result = { status: "Approved", summary: "Approved by the wire test." };
        const approval = { pipelineName: name, stageName, actionName, token: run.token, result };
        await ask(account, "codepipeline", "PutApprovalResult", approval);
      }
    }
  }
}
