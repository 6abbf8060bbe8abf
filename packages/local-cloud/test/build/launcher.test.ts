import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { launch } from "#cloud/build/launcher.ts";

const folder = await mkdtemp(join(tmpdir(), "launcher-"));
afterAll(() => rm(folder, { recursive: true }));

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

test("rejects a program that does not exist, and starts the next one", async () => {
  await expect(launch({ ...order("", "missing"), file: "/no/such/program" })).rejects.toThrow(/ENOENT/);
  expect(await (await launch(order("true", "after"))).ended).toBe(0);
});

test("kills its processes when the process that ordered them is killed", async () => {
  const program = `
    const { launch } = await import(${JSON.stringify(new URL("../../src/build/launcher.ts", import.meta.url).href)});
    const { pid } = await launch(${JSON.stringify(order("exec sleep 600", "orphan"))});
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
