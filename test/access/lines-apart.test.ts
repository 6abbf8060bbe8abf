/**
 * Tests that the code of a team reads the artifacts of its own line alone, in a smoke test and in a build. IAM of the
 * embedded AWS judges the policies that the line's templates have, and the test widens them to prove that it would notice.
 */
import { evaluate } from "@kedge/local-cloud/iam/evaluate";
import { parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { subjectOf } from "@kedge/local-cloud/iam/subject";
import type { RoleSession } from "@kedge/local-cloud/kernel/principal";
import { describe, expect, it } from "vitest";
import { smokeLogs } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { artifactFolder, pipelineName, smokeBuildName } from "#release/names/names.ts";
import { buildStack } from "#release/stack/build-stack.ts";
import { renderPipeline } from "#synth/render-pipeline.ts";
import { sam } from "#templates/sam/template.ts";
import { manifest, samRef, shopTargets, target } from "#test/release/samples.ts";
import { anchor, inAnchor, makeStacks, region, resolveIn, templateOf } from "#test/support/stacks.ts";

const inProd = target("prod", "444444444444");
const cacheBucket = `kedge-cache-${anchor}-${region}`;
const cacheKeyArn = `arn:aws:kms:${region}:${anchor}:key/k`;
const setting = { account: anchor, region, cacheBucket, cacheKeyArn };
const stacks = makeStacks([anchor]);
const atAnchor = resolveIn(templateOf(stacks.anchor), inAnchor([inProd.account]));
const atTarget = resolveIn(templateOf(stacks.target), {
  "AWS::AccountId": inProd.account,
  "AWS::Region": region,
  AnchorAccount: anchor,
});

type Resources = Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;

const ownPolicy = (resources: unknown, role: string): string => {
  const [policy] = ((resources as Resources)[role]?.Properties["Policies"] ?? []) as {
    PolicyDocument: unknown;
  }[];
  return JSON.stringify(policy?.PolicyDocument);
};

const line: Line = { account: anchor, app: "shop", branch: "main" };
const others = ["feature/a", "release/1"].map((branch) => ({ ...line, branch }));

/** A role of a line: its own policy, its boundary, and the policy of the bucket that it reads from. */
const kinds = {
  "smoke test": {
    account: anchor,
    policyOf: (of: Line): string => {
      const plan = sam.plan({
        ...{ line: of, manifest, targets: shopTargets, template: samRef },
        settings: { region, cacheBucket },
      });
      const { Resources: made } = JSON.parse(renderPipeline(plan, setting)) as { Resources: unknown };
      return ownPolicy(made, "SmokeTestRole");
    },
    boundary: atAnchor["Boundary"]?.Properties["PolicyDocument"],
    artifact: "Smoke_prod",
    // The outputs that change an environment, and the input of lines that share a role.
    closed: ["Prepared_p", "SmokeInput"],
  },
  build: {
    account: inProd.account,
    policyOf: (of: Line): string => {
      const { Resources: made } = buildStack({
        ...{ description: "", line: of, target: inProd, location: `${cacheBucket}/parts/0`, version: "1" },
        ...{ image: "aws/codebuild/standard:7.0", compute: "BUILD_GENERAL1_SMALL", variables: {}, undo: "" },
        ...{ secrets: [], statements: [], parameters: {}, outputs: {} },
      });
      return ownPolicy(resolveIn({ Resources: made as never }, { "AWS::Region": region }), "Role").replaceAll(
        "<Logs.Arn>",
        "arn:aws:logs:::x",
      );
    },
    boundary: atTarget["Boundary"]?.Properties["PolicyDocument"],
    artifact: "Prepared_p",
    closed: ["Packaged", "Smoke_prod", "Release"],
  },
} as const;

type Kind = (typeof kinds)[keyof typeof kinds];

const objectOf = (of: Line, artifact: string): string =>
  `arn:aws:s3:::${cacheBucket}/${artifactFolder(pipelineName(of))}/${artifact}/AbCdEfG`;

function may({ account, boundary }: Kind, policy: string, action: string, resource: string): boolean {
  const name = smokeBuildName(line);
  const principal: RoleSession = {
    ...{ kind: "role", account, roleName: name, sessionName: "session", userId: "AROAEXAMPLE:session" },
    arn: `arn:aws:sts::${account}:assumed-role/${name}/session`,
    roleArn: `arn:aws:iam::${account}:role/${name}`,
    ...{ sessionPolicies: [], tags: {} },
  };
  const named = (document: string) => ({ name, document: parsePolicy(document) });
  const bucketPolicy = atAnchor["CachePolicy"]?.Properties["PolicyDocument"];
  return evaluate(
    {
      identity: [named(policy)],
      resource: resource.includes(":s3:") ? named(JSON.stringify(bucketPolicy)) : undefined,
      boundary: named(JSON.stringify(boundary)),
    },
    {
      ...{ action, resource, resourceAccount: anchor, subject: subjectOf(principal) },
      context: requestContext({
        ...{ principal, region, resourceAccount: anchor, secure: true, entityTags: {} },
        request: { action, resource, context: {} },
        now: new Date(0),
        sourceIp: "127.0.0.1",
        membershipOf: () => undefined,
      }),
    },
  ).allowed;
}

const mayRead = (kind: Kind, policy: string, of: Line, artifact: string = kind.artifact): boolean =>
  may(kind, policy, "s3:GetObject", objectOf(of, artifact));

/** The lines that the policy reads, other than its own. */
const reached = (kind: Kind, policy: string): readonly Line[] =>
  others.filter((other) => mayRead(kind, policy, other));

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

describe.each(Object.entries(kinds))("the role of a line's %s", (_, kind) => {
  const folder = artifactFolder(pipelineName(line));

  it("reads the input of its own line alone", () => {
    const policy = kind.policyOf(line);
    expect(mayRead(kind, policy, line)).toBe(true);
    expect(reached(kind, policy)).toEqual([]);
    for (const artifact of kind.closed) expect(mayRead(kind, policy, line, artifact)).toBe(false);
  });

  it.each([
    ["the folders of all lines", folder, "kedge-line-"],
    ["every key of the cache", new RegExp(`${folder}[^"]*`, "g"), "*"],
    ["every action on every resource", /^.+$/gs, everything],
  ])("reads the input of other lines when its policy names %s", (_case, own, wider) => {
    const mutant = kind.policyOf(line).replaceAll(own, wider);
    expect(mutant).not.toBe(kind.policyOf(line));
    expect(reached(kind, mutant)).toEqual(others);
  });
});

describe("a smoke test", () => {
  const smoke = kinds["smoke test"];
  const stream = (of: Line): string =>
    `arn:aws:logs:${region}:${anchor}:log-group:${smokeLogs}:log-stream:${smokeBuildName(of)}/abc`;

  it("writes the log streams of its own line alone", () => {
    const writes = (of: Line) => may(smoke, smoke.policyOf(line), "logs:PutLogEvents", stream(of));
    expect([line, ...others].map(writes)).toEqual([true, false, false]);
  });

  it("reads no artifact that changes an environment, whatever its policy allows", () => {
    expect(mayRead(smoke, everything, line, "Prepared_p")).toBe(false);
    expect(mayRead(smoke, everything, line, "Release")).toBe(false);
  });
});
