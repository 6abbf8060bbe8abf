/**
 * Runs the command line as people and CIs do: in a process of its own, with AWS settings in its environment.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { asRole } from "#local-estate/as-role.ts";
import type { TestEstate } from "./estate.ts";

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Started = {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ran>;
};

type CloudSettings = { readonly endpoint: string; readonly region: string; readonly bucket: string };

/**
 * `account` gives the credentials: those of its administrator, or those of a role there. Without an estate,
 * the process has no credentials and no endpoint.
 */
export async function kedge(
  words: readonly string[],
  { shop, account = "111111111111", role, configFile, typed }: Caller = {},
): Promise<Ran> {
  const session = shop && role !== undefined ? (await asRole(shop, account, role)).credentials : undefined;
  const credentials = session ?? { accessKeyId: account, secretAccessKey: "any" };
  if (shop === undefined) return start([door, ...words], {}, typed).ended;
  const settings =
    configFile === undefined
      ? settingsFor(shop, credentials)
      : { ...cloudOf(shop), AWS_CONFIG_FILE: configFile };
  return start([door, ...words], settings, typed).ended;
}

type Caller = {
  readonly shop?: TestEstate;
  readonly account?: string;
  readonly role?: string;
  /** An AWS configuration file. The credentials are then those of its profiles. */
  readonly configFile?: string;
  /** Runs the command at a terminal, where a person types this. Both outputs are then one, on stdout. */
  readonly typed?: string;
};

const door = "bin/kedge.ts";

/** Starts the command line as the administrator of the account. `node`: options of Node. */
export const startKedge = (
  words: readonly string[],
  cloud: CloudSettings,
  {
    account = "111111111111",
    node = [],
    script = door,
  }: { account?: string; node?: readonly string[]; script?: string } = {},
): Started =>
  start([...node, script, ...words], settingsFor(cloud, { accessKeyId: account, secretAccessKey: "any" }));

type Settings = Readonly<Record<string, string>>;

const cloudOf = ({ endpoint, region, bucket }: CloudSettings): Settings => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  KEDGE_ARTIFACT_BUCKET: bucket,
});

const settingsFor = (
  cloud: CloudSettings,
  credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  },
): Settings => ({
  ...cloudOf(cloud),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
});

function start(words: readonly string[], settings: Settings, typed?: string): Started {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const called = ["env", ...assignments, process.execPath, ...words];
  const [program = "", ...args] = typed === undefined ? called : atTerminal(called);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(typed ?? "");
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([code, stdout, stderr]) => ({ code, stdout, stderr })) };
}

const terminal = "script";

/** The `script` of macOS and the BSDs has other options. Tests that type at a terminal are skipped by name without this one. */
export const hasTerminal =
  spawnSync(terminal, ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

/** `script` of util-linux runs a command at a terminal of its own, and passes the exit code on. */
const atTerminal = (called: readonly string[]): readonly string[] => [
  terminal,
  ...["--quiet", "--return", "--command"],
  called.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" "),
  "/dev/null",
];
