/**
 * The estate that every run begins with. It is booted once as a cloud team would do it, with real stacks,
 * roles, rules and queues, and then read from its data directory. It has no upload yet.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournalStore } from "@kedge/local-cloud/kernel/journal-store";
import type { Rule } from "@kedge/local-cloud/services/events/state";
import type { Mapping, Version } from "@kedge/local-cloud/services/lambda/state";
import type { Bundles } from "#bundle/bundle.ts";
import { bootEstate } from "#local-estate/boot.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Bytes, Memory, Rows } from "./memory.ts";

/** A Lambda function of the estate as it was deployed. The stack gives its name, role and environment. */
export type DeployedFunction = Pick<Version, "name" | "account" | "region" | "role"> & {
  readonly environment: Readonly<Record<string, string>>;
};

/** A queue and the function it invokes. */
export type Poll = { readonly queue: string; readonly batch: number; readonly of: DeployedFunction };

export type Base = {
  readonly memory: Memory;
  readonly bootedAt: Date;
  readonly estate: Estate;
  /** The text of the estate file. */
  readonly estateText: string;
  readonly bucket: string;
  readonly functions: readonly DeployedFunction[];
  readonly polls: readonly Poll[];
};

/** Boots the estate. This takes seconds; all later steps take milliseconds. */
export async function bootBase(estateFile: string, bundles?: Bundles): Promise<Base> {
  const dataDir = await mkdtemp(join(tmpdir(), "kedge-simulation-"));
  try {
    const booted = await bootEstate({ port: 0, estateFile, dataDir, bundles });
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
    // Leaves out rows that no run reads: how the estate was made, and alarms, whose timers never end.
    const paths = store
      .paths()
      .filter((path) => !/^cloudformation\/.*\/events$|^logs\/|^monitoring\//.test(path));
    return new Map(paths.map((path) => [path, new Map(restOf(path, store.table<unknown>(path).entries()))]));
  } finally {
    void store.close();
  }
}

/** Disables schedules, because the simulation decides when they fire. */
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
