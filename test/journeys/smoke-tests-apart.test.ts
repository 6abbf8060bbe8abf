/**
 * Tests that a smoke test, which is code of a team, cannot read the artifacts of another line. The two lines are of one
 * application, whose pipelines shared a folder when their names began with the application.
 */
import { BatchGetProjectsCommand, CodeBuildClient } from "@aws-sdk/client-codebuild";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { cacheBucket } from "#release/names/deployed-names.ts";
import { artifactFolder, pipelineName, smokeBuildName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estate, shopLine } from "#test/support/estate.ts";

const shop = estate();
const [one, other] = [shopLine("smoke-apart", "feature/a"), shopLine("smoke-apart", "feature/b")];
const artifact = (script: string) =>
  zipOf({ "template.json": topicTemplate("Apart"), "smoke-test.sh": `#!/bin/sh\n${script}\n` });

/** Reads the object with the credentials of the build, and prints the answer of S3. */
const read = (bucket: string, key: string): string =>
  `curl -s --aws-sigv4 "aws:amz:$AWS_REGION:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
    -H "x-amz-security-token: $AWS_SESSION_TOKEN" "$AWS_ENDPOINT_URL/${bucket}/${key}"`;

/** The project and the role of the line's smoke tests, as far as they exist. */
async function buildsOf(line: typeof one): Promise<readonly string[]> {
  const name = smokeBuildName(line);
  const { projects = [] } = await shop
    .clients(CodeBuildClient, line.account)
    .send(new BatchGetProjectsCommand({ names: [name] }));
  const role = await shop
    .clients(IAMClient, line.account)
    .send(new GetRoleCommand({ RoleName: name }))
    .then(
      ({ Role }) => [Role?.RoleName ?? ""],
      ({ name: error }: Error) => {
        expect(error).toBe("NoSuchEntityException");
        return [];
      },
    );
  return [...projects.map((each) => each.name ?? ""), ...role];
}

test("a smoke test is denied the input of another line's smoke test, and passes with its own", async () => {
  const Bucket = cacheBucket(one.account, shop.region);
  const first = await shop.upload(one, await artifact("true"));
  await shop.result(one, first, "released");
  const { Contents = [] } = await shop
    .clients(S3Client, one.account)
    .send(new ListObjectsV2Command({ Bucket, Prefix: `${artifactFolder(pipelineName(one))}/Smoke_` }));
  const key = Contents[0]?.Key ?? "";
  expect(key).toMatch(/^kedge-line-[a-z2-7]{9}\/Smoke_\w{0,4}\/\w+/);

  const intruder = await shop.upload(
    other,
    await artifact(`answer=$(${read(Bucket, key)}); echo "$answer"; echo "$answer" | grep -q AccessDenied`),
  );
  await shop.result(other, intruder, "released");
  expect(smokeBuildName(one)).not.toBe(smokeBuildName(other));

  // The same script passes no test where it may read: the owner of the input reads it.
  const owner = await shop.upload(one, await artifact(`${read(Bucket, key)} | grep -q AccessDenied`));
  expect((await shop.result(one, owner, "failed")).reason.code).toBe("SmokeTestFailed");
  expect((await buildsOf(one)).length).toBe(2);
  for (const line of [one, other])
    await shop.result(line, await shop.upload(line, new Uint8Array()), "torn-down");
  expect([...(await shop.stacksLeft(one)), ...(await shop.stacksLeft(other))]).toEqual([]);
  expect([...(await buildsOf(one)), ...(await buildsOf(other))]).toEqual([]);
});
