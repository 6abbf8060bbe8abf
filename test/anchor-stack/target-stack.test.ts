import { expect, it } from "vitest";
import { anchor, inAnchor, makeStacks, region, resolveIn, templateOf } from "#test/support/stacks.ts";
import { type Found, statementsIn } from "#test/support/statements.ts";

// The account of the target is not the account of its anchor.
const target = "222222222222";
const resources = resolveIn(templateOf(makeStacks().target), { ...inAnchor([]), "AWS::AccountId": target });
const statements = statementsIn(resources);
const of = (where: string, kind: Found["kind"], effect = "Allow"): readonly Found[] =>
  statements.filter((each) => each.where === where && each.kind === kind && each.effect === effect);

const boundary = `arn:aws:iam::${target}:policy/kedge-app-boundary`;

it("lets in the listed roles of the anchor only", () => {
  expect(of("DeployRole", "trust")).toMatchObject([
    {
      principal: { AWS: `arn:aws:iam::${anchor}:root` },
      condition: {
        ArnEquals: {
          "aws:PrincipalArn": [
            "pipeline",
            "prepare",
            "execute",
            "smoke",
            "reconcile",
            "sweep",
            "verify",
            "call",
            "site",
          ].map((name) => `arn:aws:iam::${anchor}:role/kedge-${name}`),
        },
      },
    },
  ]);
});

it("puts the boundary on the execution role", () => {
  expect(resources["ExecutionRole"]?.Properties["PermissionsBoundary"]).toBe("<Boundary>");
});

it.each(["ExecutionRole", "Boundary"])(
  "changes a role's policies in %s only when the role has the boundary",
  (where) => {
    const changing = of(where, "identity").filter(({ actions }) =>
      actions.some((action) => /^iam:(Create|Put|Attach|Detach|DeleteRolePolicy)/.test(action)),
    );
    expect(changing).toHaveLength(1);
    for (const { condition, resources: on } of changing) {
      expect(condition).toEqual({ StringEquals: { "iam:PermissionsBoundary": boundary } });
      expect(on).toEqual([`arn:aws:iam::${target}:role/kedge-app-*`]);
    }
  },
);

it("never removes a boundary, creates users or changes managed policies", () => {
  const actions = [...of("ExecutionRole", "identity"), ...of("Boundary", "identity")].flatMap(
    (each) => each.actions,
  );
  expect(
    actions
      .filter((action) => /^iam:(\*|.*(User|AccessKey|Login|Boundary$|Policy(Version)?$))/.test(action))
      .sort(),
  ).toEqual(
    ["AttachRolePolicy", "DeleteRolePolicy", "DetachRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy"]
      .flatMap((name) => [`iam:${name}`, `iam:${name}`])
      .concat(["iam:PutRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"])
      // The boundary has a pattern for the calls that read roles.
      .concat(["iam:GetRolePolicy"])
      .sort(),
  );
});

it("denies applications the resources of Kedge that another statement allows", () => {
  const [hands] = of("Boundary", "identity", "Deny");
  expect(hands?.actions).toEqual(["*"]);
  expect(hands?.resources).toEqual([
    `arn:aws:events:*:${target}:rule/kedge-forward`,
    `arn:aws:cloudformation:*:${target}:stack/SC-*`,
  ]);
});

it("caps each service of the execution role with the boundary", () => {
  const patterns = of("Boundary", "identity")
    .flatMap(({ actions }) => actions)
    .map((action) => new RegExp(`^${action.replaceAll("*", ".*")}$`));
  const missing = of("ExecutionRole", "identity")
    .flatMap(({ actions }) => actions)
    .filter((action) => !patterns.some((pattern) => pattern.test(action)));
  expect(missing).toEqual([]);
});

it("forwards only events of application stacks to the anchor's bus", () => {
  expect(resources["ForwardEvents"]?.Properties).toMatchObject({
    EventPattern: {
      source: ["aws.cloudformation"],
      account: [target],
      detail: {
        "stack-id": [{ prefix: `arn:aws:cloudformation:${region}:${target}:stack/kedge-app-` }],
      },
    },
    Targets: [
      { Arn: `arn:aws:events:${region}:${anchor}:event-bus/kedge`, RoleArn: "<ForwardEventsRole.Arn>" },
    ],
  });
});
