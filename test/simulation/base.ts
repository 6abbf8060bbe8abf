/**
 * The estate every run begins with: booted once the way a cloud team would, real stacks, roles, rules and queues, then
 * read out of its data directory. Functions get the session of their role here; nobody uploads anything yet.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournalStore } from "@kedge/local-cloud/kernel/journal-store";
import type { Rule } from "@kedge/local-cloud/services/events/state";
import type { Mapping, Version } from "@kedge/local-cloud/services/lambda/state";
import { bootEstate } from "#local-estate/boot.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Bytes, Memory, Rows } from "./memory.ts";

/** A Lambda function of the estate as it was deployed: its name, role and environment are the stack's. */
export type DeployedFunction = Pick<Version, "name" | "account" | "region" | "role"> & {
  readonly environment: Readonly<Record<string, string>>;
};

/** A queue and the function it invokes. */
export type Poll = { readonly queue: string; readonly batch: number; readonly of: DeployedFunction };

export type Base = {
  readonly memory: Memory;
  readonly bootedAt: Date;
  readonly estate: Estate;
  /** The text it was read from. */
  readonly estateText: string;
  readonly bucket: string;
  readonly functions: readonly DeployedFunction[];
  readonly polls: readonly Poll[];
};

/** Takes seconds; everything after it takes milliseconds. */
export async function bootBase(estateFile: string): Promise<Base> {
  const dataDir = await mkdtemp(join(tmpdir(), "kedge-simulation-"));
  try {
    const booted = await bootEstate({ port: 0, estateFile, dataDir });
    await booted.running.stop();
    const rows = readRows(dataDir);
    const functions = functionsIn(rows);
    return {
      bootedAt: new Date(),
      memory: { rows, bytes: await readBytes(join(dataDir, "blobs")) },
      estate: booted.estate,
      estateText: await readFile(estateFile, "utf8"),
      bucket: booted.bucket,
      functions,
      polls: pollsIn(rows, functions),
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function readRows(dataDir: string): Rows {
  const store = openJournalStore(dataDir);
  try {
    // What nobody reads in a run is left out: how the estate was made, and alarms, which look at the clock for ever.
    const paths = store
      .paths()
      .filter((path) => !/^cloudformation\/.*\/events$|^logs\/|^monitoring\//.test(path));
    return new Map(paths.map((path) => [path, new Map(restOf(path, store.table<unknown>(path).entries()))]));
  } finally {
    void store.close();
  }
}

/** When a schedule comes is the simulation's to say. */
const restOf = (path: string, rows: Iterable<[string, unknown]>): readonly [string, unknown][] =>
  [...rows].map(([key, row]) =>
    /^events\/.*\/rules$/.test(path) && (row as Rule).schedule !== undefined
      ? [key, { ...(row as Rule), enabled: false }]
      : [key, row],
  );

async function readBytes(directory: string): Promise<Bytes> {
  const names = await readdir(directory);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)),
  );
}

const tablesOf = <Row>(rows: Rows, table: RegExp): readonly Row[] =>
  [...rows].filter(([path]) => table.test(path)).flatMap(([, found]) => [...found.values()] as Row[]);

const functionsIn = (rows: Rows): readonly DeployedFunction[] =>
  tablesOf<Version>(rows, /^lambda\/.*\/versions$/).map(({ name, account, region, role, environment }) => ({
    name,
    account,
    region,
    role,
    environment: environment ?? {},
  }));

const pollsIn = (rows: Rows, functions: readonly DeployedFunction[]): readonly Poll[] =>
  tablesOf<Mapping>(rows, /^lambda\/.*\/mappings$/).flatMap(
    ({ function: name, functionArn, sourceArn, batchSize }) => {
      const of = functions.find((each) => each.name === name && functionArn.includes(`:${each.account}:`));
      return of === undefined ? [] : [{ queue: sourceArn, batch: batchSize, of }];
    },
  );
