import { evaluate } from "@kedge/local-cloud/iam/evaluate";
import { type PolicyDocument, parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { subjectOf } from "@kedge/local-cloud/iam/subject";
import type { RoleSession } from "@kedge/local-cloud/kernel/principal";
import { describe, expect, it } from "vitest";
import { central, inAnchor, makeStacks, region, resolveIn, templateOf } from "#test/support/stacks.ts";

const account = "111111111111";
const other = "121212121212";
const resources = resolveIn(templateOf(makeStacks([account, other])["control-plane"]), {
  ...inAnchor([]),
  "AWS::AccountId": central,
  Artifacts: `kedge-artifacts-${central}-${region}`,
});
const bucket = `arn:aws:s3:::kedge-artifacts-${central}-${region}`;
/** `GetAtt` resolves to a readable text, and not to the ARN. */
const parsed = (document: unknown): PolicyDocument =>
  parsePolicy(JSON.stringify(document).replaceAll("<Artifacts.Arn>", bucket));
const policy = parsed(resources["ArtifactsPolicy"]?.Properties["PolicyDocument"]);
const everything = parsed({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

const folders = ["", "results/", "reviews/", "uploads/", "people/"];
const actionsAtObjects = [
  ...["PutObject", "GetObject", "GetObjectVersion", "DeleteObject", "DeleteObjectVersion"],
  ...["AbortMultipartUpload", "ListMultipartUploadParts", "PutObjectAcl"],
];

/** Asks the policy about a role whose own policy allows every call. */
function may(role: string, of: string, action: string, key: string, secure = true): boolean {
  const principal: RoleSession = {
    kind: "role",
    account: of,
    arn: `arn:aws:sts::${of}:assumed-role/${role}/session`,
    roleArn: `arn:aws:iam::${of}:role/${role}`,
    roleName: role,
    sessionName: "session",
    userId: "AROAEXAMPLE:session",
    sessionPolicies: [],
    tags: {},
  };
  const lists = action.startsWith("ListBucket");
  const request = {
    action: `s3:${action}`,
    resource: lists ? bucket : `${bucket}/${key}`,
    ...(lists && { context: { "s3:prefix": key } }),
  };
  return evaluate(
    { identity: [{ name: role, document: everything }], resource: { name: "bucket", document: policy } },
    {
      ...request,
      resourceAccount: central,
      subject: subjectOf(principal),
      context: requestContext({
        ...{ principal, request, resourceAccount: central, region, secure },
        now: new Date(0),
        sourceIp: "127.0.0.1",
        entityTags: {},
        membershipOf: () => undefined,
      }),
    },
  ).allowed;
}

/** Lists the calls that a role of an anchor may make below the folders of an account, and at the command line. */
const calls = (role: string, below = account): readonly string[] => [
  ...folders.flatMap((folder) =>
    actionsAtObjects
      .filter((action) => may(role, account, action, `${folder}${below}/x`))
      .map((action) => `${action} ${folder || "artifacts"}`),
  ),
  ...folders.flatMap((folder) =>
    ["ListBucket", "ListBucketVersions"]
      .filter((action) => may(role, account, action, `${folder}${below}/x`))
      .map((action) => `${action} ${folder || "artifacts"}`),
  ),
  ...actionsAtObjects
    .filter((action) => below === account && may(role, account, action, "cli/x"))
    .map((action) => `${action} cli/`),
];

/** The account's own policies decide which of its principals do this. */
const ofEveryPrincipal = [
  "PutObject artifacts",
  "AbortMultipartUpload artifacts",
  "ListMultipartUploadParts artifacts",
  "GetObject results/",
  "GetObject reviews/",
  "ListBucket results/",
  "GetObject cli/",
];
const readsArtifacts = ["GetObject artifacts", "GetObjectVersion artifacts"];
const readsRecords = ["GetObject uploads/", "GetObject people/"];
const lists = ["artifacts", "uploads/", "people/"].map((folder) => `ListBucket ${folder}`);
const more: Readonly<Record<string, readonly string[]>> = {
  somebody: [],
  "kedge-ci": [],
  "kedge-reconcile": [
    ...readsArtifacts,
    ...readsRecords,
    ...lists,
    "PutObject results/",
    "PutObject people/",
  ],
  "kedge-observe": lists,
  "kedge-package": readsArtifacts,
  "kedge-prepare": ["PutObject reviews/"],
  "kedge-execute": [...readsRecords, ...lists],
  "kedge-smoke": readsArtifacts,
  "kedge-site": readsArtifacts,
  "kedge-sweep": [...lists, "DeleteObject results/"],
  "kedge-approver": readsRecords,
  "kedge-operator": [
    ...readsRecords,
    "GetObjectVersion results/",
    ...["artifacts", "results/", "uploads/", "people/"].map((folder) => `ListBucketVersions ${folder}`),
  ],
};

describe("the policy of the artifact bucket", () => {
  it.each(Object.entries(more))("lets %s of an anchor make its own calls alone", (role, own) => {
    expect([...calls(role)].sort()).toEqual([...ofEveryPrincipal, ...own].sort());
  });

  it.each(Object.keys(more))("refuses %s each call below the folders of another account", (role) => {
    expect(calls(role, other)).toEqual([]);
  });

  it("refuses a list of the whole bucket", () => {
    for (const role of Object.keys(more))
      for (const action of ["ListBucket", "ListBucketVersions"])
        expect(may(role, account, action, "")).toBe(false);
  });

  it("refuses an account that is no anchor", () => {
    expect(may("kedge-ci", "999999999999", "PutObject", "999999999999/x")).toBe(false);
    expect(may("kedge-ci", "999999999999", "GetObject", "cli/x")).toBe(false);
  });

  it("refuses plain HTTP and the removal of versions, also to the central account", () => {
    expect(may("admin", central, "GetObject", `${account}/x`)).toBe(true);
    expect(may("admin", central, "GetObject", `${account}/x`, false)).toBe(false);
    expect(may("admin", central, "DeleteObjectVersion", `results/${account}/x`)).toBe(false);
    expect(may("kedge-ci", account, "PutObject", `${account}/x`, false)).toBe(false);
  });
});
