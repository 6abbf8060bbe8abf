/**
 * Tests that the recorded terraform keeps terraform's promises about plan and state, and creates no
 * resource.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const ACCOUNT = "111111111111";
const tool = join(process.cwd(), "packages/local-cloud/src/build/tools/terraform.ts");

async function open() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, ACCOUNT);
  await s3.send(new CreateBucketCommand({ Bucket: "state" }));
  const cwd = await mkdtemp(join(tmpdir(), "terraform-"));
  await cp("examples/uploads-terraform", cwd, { recursive: true });
  const env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: "any",
  };
  /** Words such as `NAME=value` are variables of the process. */
  const terraform = (...words: string[]): Promise<string> =>
    new Promise((resolve) => {
      const isVariable = (word: string): boolean => /^[A-Z_]+=/.test(word);
      const more = Object.fromEntries(words.filter(isVariable).map((word) => word.split("=")));
      const own = words.filter((word) => !isVariable(word));
      execFile(process.execPath, [tool, ...own], { cwd, env: { ...env, ...more } }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  const init = () =>
    terraform(
      "init",
      ...["bucket=state", "key=a/b.tfstate", "region=us-east-1", "use_lockfile=true"].map(
        (each) => `-backend-config=${each}`,
      ),
    );
  const state = async (): Promise<{ serial: number; resources: readonly unknown[] }> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "state", Key: "a/b.tfstate" }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  };
  return {
    ...{ terraform, init, state, cwd },
    async [Symbol.asyncDispose]() {
      await rm(cwd, { recursive: true });
      await cloud[Symbol.asyncDispose]();
    },
  };
}

it("applies a plan once, and only to the state it was made from", async () => {
  await using desk = await open();
  const { terraform, init, state, cwd } = desk;
  expect(await terraform("plan")).toContain('please run "terraform init"');
  expect(await init()).toContain("successfully initialized");
  expect(await terraform("plan")).toContain('No value for required variable "environment"');
  const plan = (): Promise<string> => terraform("plan", "-var-file=environments/dev.tfvars", "-out=x.tfplan");
  expect(await plan()).toContain("Plan: 7 to add, 0 to change, 0 to destroy.");
  expect(await terraform("apply", "main.tf")).toContain('Failed to load "main.tf" as a plan file');
  expect(await terraform("apply", "x.tfplan")).toContain("7 added, 0 changed, 0 destroyed. (recorded");
  expect(await terraform("apply", "x.tfplan")).toContain("Saved plan is stale");
  expect(await state()).toMatchObject({ serial: 1, resources: { length: 7 } });

  const queue = join(cwd, "modules/queue/main.tf");
  await writeFile(queue, (await readFile(queue, "utf8")).replace("1209600", "86400"));
  expect(await plan()).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
  await writeFile(join(cwd, ".terraform.lock.hcl"), "# other providers\n");
  expect(await terraform("apply", "x.tfplan")).toContain("Inconsistent dependency lock file");

  const destroy = ["destroy", "-auto-approve", "-var-file=environments/dev.tfvars"];
  expect(await terraform(...destroy)).toContain("Resources: 7 destroyed");
  expect(await state()).toMatchObject({ serial: 2, resources: [] });
});

it("reads the backend's settings from a file, installs listed providers only, and shows a plan as JSON", async () => {
  await using desk = await open();
  const { terraform, cwd } = desk;
  await writeFile(
    join(cwd, "state.tfbackend"),
    'bucket = "state"\nkey = "a/b.tfstate"\nregion = "us-east-1"\n',
  );
  await writeFile(
    join(cwd, "none.tfrc"),
    'provider_installation {\n  direct {\n    include = ["a/b"]\n  }\n}\n',
  );
  const init = (file: string): Promise<string> =>
    terraform("init", "-backend-config=state.tfbackend", `TF_CLI_CONFIG_FILE=${file}`);
  expect(await init("none.tfrc")).toContain("provider registry.terraform.io/hashicorp/aws was not found");
  await writeFile(
    join(cwd, "aws.tfrc"),
    'provider_installation {\n  direct {\n    include = ["hashicorp/aws"]\n  }\n}\n',
  );
  expect(await init("aws.tfrc")).toContain("successfully initialized");
  expect(await terraform("show", "-json", "main.tf")).toContain('Failed to load "main.tf" as a plan file');
  await terraform("plan", "-lock=false", "-var-file=environments/dev.tfvars", "-out=x.tfplan");
  const shown = JSON.parse(await terraform("show", "-json", "x.tfplan")) as {
    resource_changes: { address: string; change: { actions: string[] } }[];
  };
  expect(shown).toMatchObject({
    format_version: "1.2",
    configuration: { provider_config: { aws: { full_name: "registry.terraform.io/hashicorp/aws" } } },
  });
  expect(shown.resource_changes).toHaveLength(7);
  expect(shown.resource_changes[0]?.change.actions).toEqual(["create"]);
});
