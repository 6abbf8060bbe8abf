import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { containment } from "#cloud/sandbox/containment.ts";
import { lambdaCloud } from "#test/lambda/functions.ts";

/** A machine without user namespaces contains less, and the start of the cloud says so. */
const { missing } = await containment();

const probe = `
  import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
  import { connect } from "node:net";
  const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
  const reach = (port, host) => new Promise((done) => {
    connect(port, host).once("connect", () => done("reached")).once("error", (error) => done(error.code));
  });
  export const handler = async ({ home, file, cloud }) => ({
    home: attempt(() => readdirSync(home)),
    file: attempt(() => readFileSync(file, "utf8")),
    code: attempt(() => writeFileSync("index.mjs", "")),
    kill: attempt(() => process.kill(cloud, "SIGKILL")),
    environments: readdirSync("/proc").filter((name) => /^\\d+$/.test(name))
      .map((id) => attempt(() => readFileSync("/proc/" + id + "/environ", "utf8"))).join(" "),
    network: await reach(53, "192.0.2.1"),
    administrator: (await fetch(process.env.AWS_ENDPOINT_URL, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: "AWS4-HMAC-SHA256 Credential=222222222222/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00",
      },
      body: "Action=ListRoles&Version=2010-05-08",
    })).status,
    own: (writeFileSync(process.env.TMPDIR + "/x", "mine"), readFileSync(process.env.TMPDIR + "/x", "utf8")),
  });`;

describe.skipIf(missing !== undefined)("a function in a sandbox", () => {
  it("reads and writes its own files only, and sees no process, network or account of the developer", async () => {
    const folder = await mkdtemp(join(tmpdir(), "developer-"));
    await using setup = await lambdaCloud();
    try {
      await writeFile(join(folder, "secret"), "s3cret");
      await setup.create("f", { "index.mjs": probe }, { Timeout: 30 });
      const event = { home: homedir(), file: join(folder, "secret"), cloud: process.pid };
      const { payload } = await setup.invoke("f", event);
      expect(payload).toMatchObject({
        file: "ENOENT",
        code: "EROFS",
        kill: "ESRCH",
        network: "ENETUNREACH",
        administrator: 403,
        own: "mine",
      });
      expect(payload?.["home"]).toSatisfy((seen) => seen === "ENOENT" || (seen as string[]).length <= 1);
      expect(payload?.["environments"]).not.toMatch(/npm_|HOME=|USER=/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("can neither start processes without end nor print without end", async () => {
    await using setup = await lambdaCloud();
    await setup.create(
      "flood",
      {
        "index.mjs": `import { spawnSync } from "node:child_process";
        export const handler = async () => {
          process.stdout.write("x".repeat(6 * 1024 * 1024));
          const script = "cd /tmp && mkfifo p; n=0; while [ $n -lt 2000 ]; do (read x < p) >/dev/null 2>&1 & n=$((n+1)); done";
          return spawnSync("/bin/sh", ["-c", script]).stderr.toString();
        };`,
      },
      { Timeout: 60 },
    );
    const { payload, log } = await setup.invoke("flood");
    expect(payload).toMatch(/fork/);
    expect(log).toContain("[The embedded cloud kept the first 4 MiB of this output.]");
  });
});
