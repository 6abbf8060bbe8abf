import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  CreateProjectCommand,
  ListBuildsForProjectCommand,
  RetryBuildCommand,
  StartBuildCommand,
  type StartBuildCommandInput,
  StopBuildCommand,
} from "@aws-sdk/client-codebuild";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { readZip } from "#cloud/build/zip-reader.ts";
import { writeZip } from "#cloud/build/zip-writer.ts";
import { containment } from "#cloud/sandbox/containment.ts";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole } from "#test/iam/identities.ts";

const ACCOUNT = "111111111111";
const { missing } = await containment();
const ROLE = `arn:aws:iam::${ACCOUNT}:role/builder`;

/** A project named `proj`, whose role may use the bucket `build` and write logs. */
async function open(buildspec: string, more: Partial<StartBuildCommandInput> = {}) {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient, ACCOUNT);
  const s3 = cloud.client(S3Client, ACCOUNT);
  const builds = cloud.client(CodeBuildClient, ACCOUNT);
  await iam.send(
    new CreateRoleCommand({
      RoleName: "builder",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "builder",
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::build", "arn:aws:s3:::build/*"] },
          { Effect: "Allow", Action: ["logs:*", "kms:*"], Resource: "*" },
        ],
      }),
    }),
  );
  await s3.send(new CreateBucketCommand({ Bucket: "build" }));
  await builds.send(
    new CreateProjectCommand({
      name: "proj",
      serviceRole: ROLE,
      source: { type: "NO_SOURCE", buildspec },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/standard:7.0",
        computeType: "BUILD_GENERAL1_SMALL",
        environmentVariables: [{ name: "COLOUR", value: "blue" }],
      },
    }),
  );
  const start = async (input: Partial<StartBuildCommandInput> = more): Promise<string> =>
    (await builds.send(new StartBuildCommand({ projectName: "proj", ...input }))).build?.id ?? "";
  const get = async (id: string): Promise<Build> => {
    const found = (await builds.send(new BatchGetBuildsCommand({ ids: [id] }))).builds?.[0];
    if (found === undefined) throw new Error(`no build ${id}`);
    return found;
  };
  const run = async (input?: Partial<StartBuildCommandInput>): Promise<Build> => {
    const id = await start(input);
    await cloud.cloud().settled();
    return await get(id);
  };
  return { cloud, s3, builds, start, get, run, [Symbol.asyncDispose]: () => cloud.stop() };
}

const phases = (build: Build) =>
  Object.fromEntries((build.phases ?? []).map(({ phaseType = "", phaseStatus }) => [phaseType, phaseStatus]));

describe("a build", () => {
  it("runs its phases in order, keeps variables between commands, and exports those it is asked for", async () => {
    await using project = await open(`
version: 0.2
env:
  variables: { COLOUR: red, SHAPE: round }
  exported-variables: [RESULT, COLOUR]
phases:
  install: { commands: [STEPS=i] }
  pre_build: { commands: ["STEPS=$STEPS,p"] }
  build: { commands: ["mkdir -p inner && cd inner", "STEPS=$STEPS,b"] }
  post_build: { commands: ["RESULT=$STEPS,$SHAPE,$(basename $PWD)"] }
`);
    const build = await project.run();
    expect(build.buildStatus).toBe("SUCCEEDED");
    expect(build.exportedEnvironmentVariables).toEqual([
      { name: "RESULT", value: "i,p,b,round,inner" },
      { name: "COLOUR", value: "blue" },
    ]);
    expect(Object.keys(phases(build))).toEqual([
      "SUBMITTED",
      "QUEUED",
      "PROVISIONING",
      "DOWNLOAD_SOURCE",
      "INSTALL",
      "PRE_BUILD",
      "BUILD",
      "POST_BUILD",
      "UPLOAD_ARTIFACTS",
      "FINALIZING",
      "COMPLETED",
    ]);
    expect(
      (await project.run({ environmentVariablesOverride: [{ name: "COLOUR", value: "grey" }] }))
        .exportedEnvironmentVariables,
    ).toContainEqual({ name: "COLOUR", value: "grey" });
    const { ids } = await project.builds.send(new ListBuildsForProjectCommand({ projectName: "proj" }));
    expect(ids?.[1]).toBe(build.id);
  });

  it("fails with the command that failed; post_build still runs after build, and knows", async () => {
    await using project = await open(`
version: 0.2
env: { exported-variables: [SEEN] }
phases:
  build:
    commands: ["exit 7", "echo never"]
    finally: ["FINALLY=yes"]
  post_build: { commands: ["SEEN=$CODEBUILD_BUILD_SUCCEEDING,$FINALLY"] }
`);
    const build = await project.run();
    expect(build.buildStatus).toBe("FAILED");
    expect(build.exportedEnvironmentVariables).toEqual([{ name: "SEEN", value: "0,yes" }]);
    expect(build.phases?.find(({ phaseType }) => phaseType === "BUILD")).toMatchObject({
      phaseStatus: "FAILED",
      contexts: [
        {
          statusCode: "COMMAND_EXECUTION_ERROR",
          message: "Error while executing command: exit 7. Reason: exit status 7",
        },
      ],
    });
  });

  it("ends after a failed install, unless that says to continue", async () => {
    const spec = (rest: string) =>
      `version: 0.2\nphases:\n  install:\n    ${rest}\n    commands: ["false"]\n  build: { commands: ["true"] }\n`;
    await using project = await open(spec("on-failure: ABORT"));
    expect(phases(await project.run())).not.toHaveProperty("BUILD");
    const again = await project.run({ buildspecOverride: spec("on-failure: CONTINUE") });
    expect(phases(again)).toMatchObject({ INSTALL: "FAILED", BUILD: "SUCCEEDED" });
    expect(again.buildStatus).toBe("FAILED");
  });

  it("unpacks its source and uploads what the buildspec lists", async () => {
    await using project = await open("version: 0.2\n", {});
    const source = writeZip([
      {
        name: "buildspec.yml",
        data: Buffer.from(
          'version: 0.2\nphases:\n  build: { commands: ["mkdir -p out/deep && cp in.txt out/deep/x.txt && touch out/skip.tmp"] }\nartifacts: { base-directory: out, files: ["**/*"], exclude-paths: ["*.tmp"] }\n',
        ),
      },
      { name: "in.txt", data: Buffer.from("content") },
    ]);
    await project.s3.send(new PutObjectCommand({ Bucket: "build", Key: "source.zip", Body: source }));
    const build = await project.run({
      sourceTypeOverride: "S3",
      sourceLocationOverride: "build/source.zip",
      buildspecOverride: "buildspec.yml",
      artifactsOverride: { type: "S3", location: "build", path: "out", name: "result.zip", packaging: "ZIP" },
    });
    expect(
      build.phases?.flatMap(({ contexts }) => contexts?.map(({ message }) => message) ?? []).join(""),
    ).toBe("");
    expect(build.artifacts?.location).toBe("arn:aws:s3:::build/out/result.zip");
    const { Body } = await project.s3.send(new GetObjectCommand({ Bucket: "build", Key: "out/result.zip" }));
    const entries = readZip(Buffer.from((await Body?.transformToByteArray()) ?? []));
    expect(entries.map(({ name }) => name)).toEqual(["deep/x.txt"]);
  });

  it("refuses an archive that would write outside the build's folder", async () => {
    await using project = await open("version: 0.2\n");
    const evil = writeZip([{ name: "../../evil", data: Buffer.from("x") }]);
    await project.s3.send(new PutObjectCommand({ Bucket: "build", Key: "evil.zip", Body: evil }));
    const build = await project.run({ sourceTypeOverride: "S3", sourceLocationOverride: "build/evil.zip" });
    expect(build.phases?.find(({ phaseType }) => phaseType === "DOWNLOAD_SOURCE")).toMatchObject({
      phaseStatus: "FAILED",
      contexts: [{ message: expect.stringContaining("would be written outside") }],
    });
  });

  it.skipIf(missing !== undefined)(
    "reads its own files only, and a link of it leads the cloud to no file outside",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "developer-"));
      await using project = await open(`
version: 0.2
env:
  exported-variables: [SECRET, PARENT, CLOUD, BACKGROUND]
phases:
  build:
    commands:
      - SECRET=$(cat ${folder}/secret || echo unreadable)
      - PARENT=$(tr '\\0' '\\n' < /proc/$PPID/environ | grep -c -e ^HOME= -e ^AWS_; true)
      - CLOUD=$(kill -9 ${process.pid} 2>/dev/null && echo killed || echo safe)
      - sleep 600 & echo $! > pid
      - BACKGROUND=$(kill -0 $(cat pid) && echo running)
`);
      try {
        await writeFile(join(folder, "secret"), "s3cret");
        const { exportedEnvironmentVariables = [] } = await project.run();
        expect(
          Object.fromEntries(exportedEnvironmentVariables.map(({ name, value }) => [name, value])),
        ).toEqual({
          SECRET: "unreadable",
          PARENT: "0",
          CLOUD: "safe",
          BACKGROUND: "running",
        });
        const linked = await project.run({
          buildspecOverride: `
version: 0.2
phases: { build: { commands: ['cd / && rm -rf "$CODEBUILD_SRC_DIR" && ln -s ${folder} "$CODEBUILD_SRC_DIR"'] } }
artifacts: { files: secret }
`,
          artifactsOverride: { type: "S3", location: "build", packaging: "ZIP", name: "out.zip" },
        });
        expect(
          linked.phases?.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message)),
        ).toContain("no matching base directory path found for .");
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  it("may do no more than its role", async () => {
    await using project = await open("version: 0.2\n");
    await project.s3.send(new CreateBucketCommand({ Bucket: "private" }));
    await project.s3.send(new PutObjectCommand({ Bucket: "private", Key: "s.zip", Body: "x" }));
    const build = await project.run({ sourceTypeOverride: "S3", sourceLocationOverride: "private/s.zip" });
    expect(build.buildStatus).toBe("FAILED");
    expect(phases(build)).toMatchObject({ DOWNLOAD_SOURCE: "FAILED" });
  });

  it("is killed when it is stopped or its time is up, with all it started", async () => {
    await using project = await open(
      "version: 0.2\nphases:\n  build: { commands: ['sleep 600 & sleep 600'] }\n",
    );
    const inBuild = async (id: string): Promise<void> => {
      while ((await project.get(id)).currentPhase !== "BUILD");
    };
    const stopped = await project.start();
    await inBuild(stopped);
    await project.builds.send(new StopBuildCommand({ id: stopped }));
    await project.cloud.cloud().settled();
    expect(await project.get(stopped)).toMatchObject({ buildStatus: "STOPPED", buildComplete: true });
    const { build } = await project.builds.send(new RetryBuildCommand({ id: stopped }));
    await inBuild(build?.id ?? "");
    await project.cloud.clock.push(61 * 60_000);
    await project.cloud.cloud().settled();
    expect(await project.get(build?.id ?? "")).toMatchObject({ buildStatus: "TIMED_OUT" });
  });

  it.each([
    ["version: 3\n", "YAML_FILE_ERROR"],
    ["version: 0.2\nphases: { dance: {} }\n", "YAML_FILE_ERROR"],
    ["version: 0.2\nphases: [\n", "YAML_FILE_ERROR"],
    ["missing.yml", "YAML_FILE_ERROR"],
  ])("says what is wrong with the buildspec %j", async (buildspec, statusCode) => {
    await using project = await open(buildspec);
    const build = await project.run();
    expect(build.buildStatus).toBe("FAILED");
    expect(
      build.phases?.flatMap(({ contexts = [] }) => contexts).filter((context) => context.statusCode),
    ).toMatchObject([{ statusCode }]);
  });

  it("starts once per idempotency token, and not for a project that is not there", async () => {
    await using project = await open("version: 0.2\n");
    const input = { idempotencyToken: "t" };
    expect(await project.start(input)).toBe(await project.start(input));
    await expect(project.builds.send(new StartBuildCommand({ projectName: "no" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Project cannot be found: arn:aws:codebuild:us-east-1:${ACCOUNT}:project/no`,
    });
    await project.cloud.cloud().settled();
  });

  it("gives IAM the overrides of the request, so that a policy can deny them", async () => {
    await using project = await open("version: 0.2\n");
    const Condition = {
      Null: { "codebuild:source.buildspec": "true", "codebuild:environment.image": "true" },
      "ForAllValues:StringLike": { "codebuild:environment.environmentVariables.name": "KEDGE_*" },
    };
    const allows = [{ Effect: "Allow", Action: "codebuild:StartBuild", Resource: "*", Condition }];
    const starter = await createRole(project.cloud, ACCOUNT, "starter", { allows });
    const builds = project.cloud.client(CodeBuildClient, await assume(project.cloud, ACCOUNT, starter));
    const startWith = (input: Partial<StartBuildCommandInput>) =>
      builds.send(new StartBuildCommand({ projectName: "proj", ...input }));
    const variable = (name: string) => ({ environmentVariablesOverride: [{ name, value: "x" }] });
    for (const allowed of [{}, variable("KEDGE_A"), { sourceTypeOverride: "NO_SOURCE" as const }]) {
      await expect(startWith(allowed)).resolves.toBeDefined();
    }
    const denied = [{ buildspecOverride: "version: 0.2" }, { imageOverride: "x" }, variable("BASH_ENV")];
    for (const input of denied) {
      await expect(startWith(input)).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
    await project.cloud.cloud().settled();
  });
});
