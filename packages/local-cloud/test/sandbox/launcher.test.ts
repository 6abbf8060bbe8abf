import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { containment } from "#cloud/sandbox/containment.ts";
import type { ProcessOrder } from "#cloud/sandbox/launcher.ts";
import { readOutput } from "#cloud/sandbox/output-limit.ts";

const folder = await mkdtemp(join(tmpdir(), "launcher-"));
afterAll(() => rm(folder, { recursive: true }));

const launch = async (order: ProcessOrder) => (await containment()).launcher.launch(order);

const order = (script: string, name: string, more: Record<string, string> = {}) => ({
  file: "/bin/sh",
  args: ["-c", script],
  cwd: folder,
  environment: { PATH: "/usr/bin:/bin", ...more },
  output: join(folder, name),
});

test("gives a process its folder and only its environment, and returns its exit code", async () => {
  const { ended } = await launch(order('pwd; echo "$GIVEN-$HOME"; exit 3', "first", { GIVEN: "yes" }));
  expect(await ended).toBe(3);
  expect(await readFile(join(folder, "first"), "utf8")).toBe(`${folder}\nyes-\n`);
});

test("returns 137 for a process that a signal ended", async () => {
  const { pid, ended } = await launch(order("exec sleep 600", "killed"));
  process.kill(-pid, "SIGKILL");
  expect(await ended).toBe(137);
});

test("keeps the first part of an output without end, and notes that there was more", async () => {
  const { ended } = await launch(order("yes | head -c 20000000", "flood"));
  expect(await ended).toBe(0);
  const output = readOutput(join(folder, "flood"));
  expect(output.length).toBeLessThan(9 * 1024 * 1024);
  expect(output.startsWith("y\ny\n")).toBe(true);
  expect(output.slice(-80)).toContain("[The embedded cloud kept the first 8 MiB of this output.]");
});

test("rejects a program that does not exist, and starts the next one", async () => {
  await expect(launch({ ...order("", "missing"), file: "/no/such/program" })).rejects.toThrow(/ENOENT/);
  expect(await (await launch(order("true", "after"))).ended).toBe(0);
});

test("kills its processes when the process that ordered them is killed", async () => {
  const program = `
    const { containment } = await import(${JSON.stringify(new URL("../../src/sandbox/containment.ts", import.meta.url).href)});
    const { pid } = await (await containment()).launcher.launch(${JSON.stringify(order("exec sleep 600", "orphan"))});
    console.log(pid);
    setInterval(() => undefined, 1000);
  `;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  const group = Number(line.toString());
  owner.kill("SIGKILL");
  await expect.poll(() => isAlive(group), { timeout: 60_000 }).toBe(false);
});

function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
