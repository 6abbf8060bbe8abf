import type { JsonObject } from "@kedge/local-cloud/cloudformation/json";
import { beforeAll, describe, expect, it } from "vitest";
import type { Analysis } from "#access/analysis.ts";
import { check } from "#access/check.ts";
import { type Statement, strings } from "#access/deployed-estate.ts";
import { holdersOf } from "#access/holders.ts";
import { accessPage } from "#access/page.ts";
import { peopleTrusts } from "#access/people-trusts.ts";
import { separateDuties } from "#access/separate-duties.ts";
import { openSettings } from "#access/settings.ts";
import type { Violation } from "#access/violation.ts";
import { carelessChanges } from "./careless.ts";
import { changed, smallEstate, smallEstateAnalyst } from "./estate.ts";
import { judgeOf } from "./judge.ts";
import { mutantsOf } from "./mutants.ts";
import { reported } from "./reported.ts";

const textsOf = (violations: readonly Violation[]): readonly string[] =>
  violations.map(({ invariant, says, path }) => [`${invariant}: ${says}`, ...path].join("\n  "));

let analyseSmallEstate: Awaited<ReturnType<typeof smallEstateAnalyst>>;
beforeAll(async () => {
  analyseSmallEstate = await smallEstateAnalyst();
});

describe("the access analysis of a small estate", () => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await analyseSmallEstate();
  });

  // This test fails first for a new role, Lambda or adapter. Grant only the calls of its code. Then
  // add the new adapter to lib/access/calls/adapters.ts, the holder of a capability to
  // lib/access/capabilities.ts, and the reason for a grant that no code calls to
  // lib/access/needs/accepted.ts.
  it("violates no invariant", () => {
    expect(textsOf(check(analysis))).toEqual([]);
  });

  it("lets its CIs upload, list and read their results, and do nothing else", () => {
    const ci = analysis.relation.allowed.filter(({ actor }) => actor.name === "kedge-ci");
    const calls = new Set(
      ci.map(({ action, resource, variant }) => `${action} ${resource.kind}${variant.section ?? ""}`),
    );
    expect([...calls].sort()).toEqual([
      "s3:AbortMultipartUpload an upload",
      "s3:GetObject a result",
      "s3:GetObject the command line",
      "s3:ListBucket Artifacts (results)",
      "s3:ListMultipartUploadParts an upload",
      "s3:PutObject an upload",
    ]);
    const foreign = ci.filter(
      ({ actor, resource, variant }) => (variant.tenant ?? resource.tenant) !== actor.tenant,
    );
    expect(new Set(foreign.map(({ resource }) => resource.kind))).toEqual(new Set(["the command line"]));
  });

  it("gives each capability to its holders by design, and each capability with such a holder to at least one", () => {
    for (const { capability, by } of holdersOf(analysis.relation.allowed))
      expect(by.length > 0, capability.name).toBe(capability.holders.length > 0);
  });

  it("makes the access page, which is the same each time", () => {
    const page = accessPage(analysis, []);
    expect(page).toBe(accessPage(analysis, []));
    expect(page).toContain("### kedge-ci");
    expect(page).not.toContain("✘");
  });

  it.each(carelessChanges)("reports a change by $invariant: $says", ({ invariant, of }) => {
    const overrides = of(analysis.estate);
    expect(overrides.size).toBeGreaterThan(0);
    expect(reported(analysis, overrides).map((each) => each.invariant)).toContain(invariant);
  });

  it.each([
    ["its project is public", { Visibility: "PUBLIC_READ" }],
    ["it runs privileged", { Environment: { PrivilegedMode: true } }],
  ])("reports the project of smoke tests when %s", (_, changed) => {
    const resources = analysis.estate.resources.map((each) =>
      each.logicalId === "SmokeTest" ? { ...each, properties: { ...each.properties, ...changed } } : each,
    );
    expect(openSettings({ ...analysis.estate, resources })).toHaveLength(1);
  });

  it("notices every statement that is widened or removed, or shows why that does no harm", () => {
    const judge = judgeOf(analysis);
    const mutants = mutantsOf(analysis.estate);
    expect(mutants.length).toBeGreaterThan(500);
    expect([...new Set(mutants.map(({ source }) => source.split("/")[0]))].sort()).toEqual([
      "anchor",
      "anchor-region",
      "control-plane",
      "launch-roles",
      "target",
      "target-region",
    ]);
    const judgements = mutants.map((mutant) => ({ name: mutant.name, ...judge(mutant) }));
    const count = (kind: string): number => judgements.filter((each) => kind in each).length;
    process.stdout.write(
      `statements: ${count("noticed")} changes noticed, ${count("harmless")} shown to be harmless\n`,
    );
    expect(
      judgements.flatMap((each) => ("survives" in each ? [`${each.name}: ${each.survives}`] : [])),
    ).toEqual([]);
  });
});

describe("a trust of people", () => {
  it.each([
    ["a principal more", (each: Statement) => withPrincipal(each, "arn:aws:iam::111111111111:role/other")],
    ["another session name", (each: Statement) => ({ ...each, Condition: {} })],
    ["a service", (each: Statement) => ({ ...each, Principal: { Service: "lambda.amazonaws.com" } })],
  ])("is reported when it has %s", async (_, edit) => {
    const { accountRoles, estate } = await smallEstate(
      "    uploaders: [arn:aws:iam::111111111111:role/ci]\n    sessionNames: { uploaders: sourceIdentity, people: tag/subject }",
    );
    expect(peopleTrusts({ accountRoles, estate })).toEqual([]);
    for (const role of ["CiRole", "ApproverRole", "OperatorRole"]) {
      const policies = new Map(
        [...estate.policies].map(([key, policy]) => [
          key,
          policy.source === `anchor/${role}/trust`
            ? { ...policy, statements: policy.statements.map(edit) }
            : policy,
        ]),
      );
      expect(peopleTrusts({ accountRoles, estate: { ...estate, policies } })).not.toEqual([]);
    }
  });
});

const withPrincipal = (statement: Statement, arn: string): Statement => ({
  ...statement,
  Principal: { AWS: [...strings((statement["Principal"] as JsonObject)["AWS"]), arn] },
});

describe("separate duties", () => {
  const duties = async (more: string): Promise<readonly Violation[]> =>
    separateDuties(await smallEstate(`    separateDuties: true\n${more}`));

  it.each([
    ["no principal is named, so every principal of the account may be both", "", 1],
    [
      "one principal is named for both",
      "    uploaders: [arn:aws:iam::111111111111:role/ci]\n    approvers: [arn:aws:iam::111111111111:role/leads, arn:aws:iam::111111111111:role/ci]",
      1,
    ],
    [
      "the whole account of the uploader is named as approver",
      "    uploaders: [arn:aws:iam::111111111111:role/ci]\n    approvers: [arn:aws:iam::111111111111:root]",
      1,
    ],
    [
      "a role and its session are named",
      "    uploaders: [arn:aws:iam::111111111111:role/ci]\n    approvers: [arn:aws:sts::111111111111:assumed-role/ci/build-1]",
      1,
    ],
    [
      "different principals are named",
      "    uploaders: [arn:aws:iam::111111111111:role/ci]\n    approvers: [arn:aws:iam::111111111111:role/leads]",
      0,
    ],
  ])(
    "finds the expected violations when %s",
    async (_case, people, count) => {
      const violations = await duties(people);
      expect(violations).toHaveLength(count);
      if (count > 0) expect(violations[0]?.path).toHaveLength(2);
    },
    30_000,
  );
});

describe("an identity provider", () => {
  it("is reported when it admits software to the role of approvers", async () => {
    const analysis = await analyseSmallEstate((deployments) =>
      deployments.map((each) =>
        changed(each, "anchor", (resources) => {
          const approver = resources["ApproverRole"]?.Properties;
          if (approver)
            approver["AssumeRolePolicyDocument"] = {
              Version: "2012-10-17",
              Statement: [
                {
                  Effect: "Allow",
                  Action: "sts:AssumeRoleWithWebIdentity",
                  Principal: {
                    Federated: `arn:aws:iam::${each.account}:oidc-provider/token.actions.githubusercontent.com`,
                  },
                },
              ],
            };
        }),
      ),
    );
    const says = check(analysis).flatMap((each) => (each.invariant === "people-decide" ? [each.says] : []));
    expect(says.join("\n")).toContain(
      "an identity provider, such as that of a CI, admits software to this role",
    );
  });
});

describe("an attack path", () => {
  it("is reported by the shortest way, step by step, each step with the statement that allows it", async () => {
    const analysis = await analyseSmallEstate((deployments) =>
      deployments.map((each) =>
        changed(each, "anchor", (resources) => {
          const ci = resources["CiRole"]?.Properties?.["Policies"] as {
            PolicyDocument: { Statement: unknown[] };
          }[];
          const reconcile = `arn:aws:lambda:us-east-1:${each.account}:function:kedge-reconcile`;
          ci[0]?.PolicyDocument.Statement.push({
            Effect: "Allow",
            Action: "lambda:UpdateFunctionCode",
            Resource: reconcile,
          });
        }),
      ),
    );
    const path = check(analysis).find(({ invariant }) => invariant === "no-path");
    expect(path?.says).toMatch(/^a CI of shop can /);
    expect(path?.path).toHaveLength(2);
    expect(path?.path[0]).toMatch(
      /^kedge-ci of shop may lambda:UpdateFunctionCode at Reconcile .*, by anchor\/CiRole\/identity#4: runs its own code there$/,
    );
    expect(path?.path[1]).toMatch(/^kedge-reconcile of shop may .*, by anchor\/ReconcileRole\/identity#\d+/);
  });

  it("begins at an execution role that has lost its boundary", async () => {
    const analysis = await analyseSmallEstate((deployments) =>
      deployments.map((each) =>
        changed(each, "target", (resources) => {
          delete resources["ExecutionRole"]?.Properties?.["PermissionsBoundary"];
        }),
      ),
    );
    const broken = new Set(check(analysis).map(({ invariant }) => invariant));
    expect(broken).toContain("boundary-holds");
  });
});
