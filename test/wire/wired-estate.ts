/**
 * A deployed estate whose queues, events and clock the scenes drive. Functions run behind their real doors and adapters,
 * and every call that they make is noted.
 */
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { proposeEstate } from "#operate/publish-estate.ts";
import { openSimulatedCloud, type SimulatedCloud } from "#test/simulation/cloud.ts";
import { createPlayer } from "#test/simulation/player.ts";
import { rootProposals } from "#test/simulation/root-proposals.ts";
import { approveReleases } from "./approve-releases.ts";
import { createDeliveries } from "./deliveries.ts";
import { centralClients, type Deployed } from "./deployed-estate.ts";
import type { Central, Line } from "./forms.ts";
import { noteIn, type Sent } from "./sent.ts";
import { createWorkers } from "./workers.ts";

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

/** A cloud that is opened from a snapshot has no pollers: this estate hands out every message and every event. */
export async function openEstate({ accounts, workshop, from }: Deployed): Promise<WiredEstate> {
  const { central, anchors } = accounts;
  const { bucket, polls } = workshop.base;
  const cloud = await openSimulatedCloud({ workshop, from, calls: "wire" });
  const sent: Sent[] = [];
  const note = noteIn(sent);
  const versions = new Set<string>();
  const player = createPlayer(cloud, note);
  const workers = createWorkers(cloud, note);
  const targets = anchors.flatMap((anchor) => anchor.targets.map(({ account }) => account));
  const { receive, rest } = createDeliveries(cloud, player, targets);
  const put = async (account: string, Bucket: string, Key: string, content: Uint8Array): Promise<string> => {
    const order = { Bucket, Key, Body: Buffer.from(content) };
    const { VersionId = "" } = await cloud.ask<{ VersionId?: string }>(account, "s3", "PutObject", order);
    await cloud.pass(0);
    return VersionId;
  };
  const uploadAt: WiredEstate["uploadAt"] = async (account, key, artifact) => {
    versions.add(await put(account, bucket, key, artifact));
  };
  return {
    ...{ sent, versions, rest, uploadAt, ask: cloud.ask, wait: cloud.pass },
    ...workers,
    central: await centralClients(cloud, workshop, accounts, sent),
    upload: ({ account, app, branch }, artifact) =>
      uploadAt(account, `${account}/${app}/${branch}/latest.zip`, artifact),
    publishEstate: async (text) => {
      const proposals = rootProposals(cloud, accounts, (event) =>
        workers.invoke(central, "kedge-publish", event),
      );
      await proposeEstate(proposals, text);
      await cloud.pass(0);
    },
    handle: async (name) => {
      const own = polls.filter(({ of }) => of.name === name);
      while (await receive(own));
    },
    approve: (account) => approveReleases(cloud, account),
    pass: async (ms) => {
      await cloud.pass(ms);
      await rest();
    },
    resync: async (account) => {
      player.resync(account);
      await rest();
    },
    deny: (calls) => {
      const error = new AwsError("AccessDenied", "Refused on purpose.", 403);
      cloud.kernel.cloud.faults.add({ ...calls, when: "before", error });
    },
    [Symbol.asyncDispose]: cloud.stop,
  };
}
