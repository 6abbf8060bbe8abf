/**
 * The estate every run begins with: booted once the way a cloud team would, real stacks, roles, rules and queues, then
 * read out of its data directory. Functions get the session of their role here; nobody uploads anything yet.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootEstate } from "#bin/estate/boot.ts";
import { openJournalStore } from "#cloud/kernel/journal-store.ts";
import type { Mapping, Version } from "#cloud/services/lambda/state.ts";
import type { Estate } from "#release/estate.ts";
import type { Bytes, Memory, Rows } from "./memory.ts";

/** A Lambda function of the estate as it was deployed: its name, role and environment are the stack's. */
export type DeployedFunction = Pick<Version, "name" | "account" | "region" | "role"> & {
  readonly environment: Readonly<Record<string, string>>;
  /** The queue that invokes it, where one does. */
  readonly queue?: { readonly arn: string; readonly batch: number };
};

export type Base = {
  readonly memory: Memory;
  readonly estate: Estate;
  /** The text it was read from. */
  readonly estateText: string;
  readonly bucket: string;
  readonly functions: readonly DeployedFunction[];
};

/** Takes seconds; everything after it takes milliseconds. */
export async function bootBase(estateFile: string): Promise<Base> {
  const dataDir = await mkdtemp(join(tmpdir(), "kedge-simulation-"));
  try {
    const booted = await bootEstate({ port: 0, estateFile, dataDir });
    await booted.running.stop();
    const rows = readRows(dataDir);
    return {
      memory: { rows, bytes: await readBytes(join(dataDir, "blobs")) },
      estate: booted.estate,
      estateText: await readFile(estateFile, "utf8"),
      bucket: booted.bucket,
      functions: functionsIn(rows),
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function readRows(dataDir: string): Rows {
  const store = openJournalStore(dataDir);
  try {
    // What nobody reads in a run is left out: the history of how the estate was made.
    const paths = store.paths().filter((path) => !/^cloudformation\/.*\/events$|^logs\//.test(path));
    return new Map(paths.map((path) => [path, new Map(store.table<unknown>(path).entries())]));
  } finally {
    void store.close();
  }
}

async function readBytes(directory: string): Promise<Bytes> {
  const names = await readdir(directory);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)),
  );
}

function functionsIn(rows: Rows): readonly DeployedFunction[] {
  const tables = [...rows].filter(([path]) => /^lambda\/.*\/versions$/.test(path));
  return tables.flatMap(([path, versions]) => {
    const mappings = [...((rows.get(path.replace(/versions$/, "mappings"))?.values() ?? []) as Iterable<Mapping>)];
    return ([...versions.values()] as readonly Version[]).map(({ name, account, region, role, environment }) => {
      const mapping = mappings.find((each) => each.function === name);
      return {
        name,
        account,
        region,
        role,
        environment: environment ?? {},
        ...(mapping && { queue: { arn: mapping.sourceArn, batch: mapping.batchSize } }),
      };
    });
  });
}
