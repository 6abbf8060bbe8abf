/** Tests the permissions that a review lists: every form in which a template can write them. */
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { wideningsIn } from "#release/review/widening.ts";

const target = { account: "111122223333", region: "us-east-1", values: { Who: "999988887777" } };
const template = (Resources: PlainObject, more: PlainObject = {}): PlainObject => ({ Resources, ...more });
const of = (Type: string, Properties: PlainObject): PlainObject => ({ It: { Type, Properties } });
const sentences = (after: PlainObject, before?: PlainObject): readonly string[] =>
  wideningsIn(before, after, target).map(({ logicalId, sentence }) => `${logicalId} ${sentence}`);
const statement = (more: PlainObject = {}): PlainObject => ({
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more }],
});

describe("wideningsIn", () => {
  it.each<[string, PlainObject, string]>([
    [
      "a managed policy whose ARN is put together",
      of("AWS::IAM::Role", {
        ManagedPolicyArns: [{ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess" }],
      }),
      "It attaches the managed policy arn:aws:iam::aws:policy/AdministratorAccess",
    ],
    [
      "a role of a loop",
      {
        "Fn::ForEach::R": [
          "Name",
          ["A"],
          {
            "R${Name}": {
              Type: "AWS::IAM::Role",
              Properties: { Policies: [{ PolicyDocument: statement() }] },
            },
          },
        ],
      },
      "R${Name} allows s3:GetObject on *",
    ],
    [
      "a policy in a text of JSON",
      of("AWS::Logs::ResourcePolicy", {
        PolicyDocument: JSON.stringify(statement({ Principal: { AWS: "*" } })),
      }),
      "It allows s3:GetObject on * to *",
    ],
    [
      "a policy template of SAM",
      of("AWS::Serverless::Function", { Policies: [{ DynamoDBCrudPolicy: { TableName: "orders" } }] }),
      "It has SAM's policy DynamoDBCrudPolicy (TableName orders)",
    ],
    [
      "a permission of a function",
      of("AWS::Lambda::Permission", {
        Action: "lambda:InvokeFunction",
        Principal: { Ref: "Who" },
        SourceArn: "arn:aws:s3:::b",
      }),
      "It lets 999988887777 do lambda:InvokeFunction under a condition",
    ],
    [
      "a group of a network",
      of("AWS::EC2::SecurityGroup", {
        SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
      }),
      "It lets 0.0.0.0/0 in at port 443",
    ],
    [
      "a rule of a group",
      of("AWS::EC2::SecurityGroupIngress", { IpProtocol: "-1", CidrIpv6: "::/0" }),
      "It lets ::/0 in at ports 0 to 65535",
    ],
    [
      "a policy for one more role",
      of("AWS::IAM::ManagedPolicy", { PolicyDocument: { Statement: [] }, Roles: ["worker"] }),
      "It is attached to the role worker",
    ],
    [
      "a policy of a role of the template",
      of("AWS::IAM::RolePolicy", { PolicyDocument: statement(), RoleName: { Ref: "Who" } }),
      "It is attached to the role 999988887777",
    ],
    [
      "a user of a group",
      of("AWS::IAM::UserToGroupAddition", { GroupName: "admins", Users: ["bob"] }),
      "It adds the user bob to the group admins",
    ],
    [
      "a group of another account",
      of("AWS::RDS::DBSecurityGroupIngress", { EC2SecurityGroupName: "web", EC2SecurityGroupOwnerId: "1" }),
      "It lets web in at ports 0 to 65535",
    ],
    [
      "a group by its name",
      of("AWS::EC2::SecurityGroupIngress", {
        ...{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, SourceSecurityGroupName: "web" },
      }),
      "It lets web in at port 22",
    ],
    [
      "a block of a prefix list",
      of("AWS::EC2::PrefixList", { Entries: [{ Cidr: "0.0.0.0/1" }] }),
      "It lists the block 0.0.0.0/1",
    ],
    [
      "a connector",
      of("AWS::Serverless::Connector", { Permissions: ["Read", "Write"] }),
      "It connects resources with Read, Write",
    ],
    [
      "a statement in a branch of a condition",
      of("AWS::IAM::Role", { Policies: [{ "Fn::If": ["C", { PolicyDocument: statement() }, "none"] }] }),
      "It allows s3:GetObject on *",
    ],
  ])("a review lists %s", (_, resources, sentence) => {
    const after = template(resources, {
      Transform: "AWS::LanguageExtensions",
      Parameters: { Who: { Type: "String" } },
    });
    expect(sentences(after)).toContain(sentence);
    expect(sentences(after, after)).toEqual([]);
  });

  it("a review lists the targets that a policy gets, and those that a denial loses", () => {
    const policy = (type: string, targets: PlainObject, Effect = "Allow") =>
      template(of(type, { PolicyDocument: statement({ Effect }), ...targets }));
    const roleA = policy("AWS::IAM::RolePolicy", { RoleName: "a" });
    const roleB = policy("AWS::IAM::RolePolicy", { RoleName: { Ref: "B" } });
    expect(sentences(roleB, roleA)).toEqual(["It is attached to the role …"]);
    const queues = (...Queues: readonly PlainValue[]) => policy("AWS::SQS::QueuePolicy", { Queues });
    expect(sentences(queues("q", "r"), queues("q"))).toEqual(["It is attached to the queue r"]);
    const denied = (...Topics: readonly PlainValue[]) => policy("AWS::SNS::TopicPolicy", { Topics }, "Deny");
    expect(sentences(denied("t"), denied("t", "u"))).toEqual([
      "It is no longer attached to the topic u, and denies nothing there",
    ]);
  });

  it("a review ranks a block that is half the internet before a private block", () => {
    const from = (CidrIp: string): PlainObject => ({
      Type: "AWS::EC2::SecurityGroupIngress",
      Properties: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp },
    });
    const found = sentences(template({ A: from("10.0.0.0/8"), B: from("128.0.0.0/1") }));
    expect(found.map((each) => each[0])).toEqual(["B", "A"]);
  });

  it("a review reads a statement with more actions than a call may have arguments", () => {
    const Action = Array.from({ length: 150_000 }, (_, index) => `s3:Get${index}`);
    expect(
      sentences(template(of("AWS::IAM::Policy", { PolicyDocument: statement({ Action }) }))),
    ).toHaveLength(1);
  });

  it("a review lists a condition and a denial that are gone", () => {
    const role = (...Statement: readonly PlainObject[]) =>
      template(of("AWS::IAM::Role", { Policies: [{ PolicyDocument: { Statement } }] }));
    const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const bound = { ...allow, Condition: { StringEquals: { "aws:SourceAccount": "1" } } };
    const deny = { Effect: "Deny", Action: "s3:DeleteObject", Resource: "*" };
    expect(sentences(role(allow, deny), role(bound, deny))).toEqual(["It allows s3:GetObject on *"]);
    expect(sentences(role(allow), role(allow, deny))).toEqual(["It no longer denies s3:DeleteObject on *"]);
    expect(sentences(template({}), role(deny))).toEqual(["It no longer denies s3:DeleteObject on *"]);
    expect(sentences(role(allow, deny))).toEqual(["It allows s3:GetObject on *"]);
  });
});

describe("the order of wideningsIn", () => {
  it("the gravest permission stands first in a long list of actions, which says how many it leaves out", () => {
    const Action: readonly PlainValue[] = [
      ...Array.from({ length: 60 }, (_, index) => `dynamodb:GetAction${index}`),
      ...["secretsmanager:GetSecretValue", "s3:*", "kms:Decrypt", "sqs:SendMessage", "iam:*", "*"],
    ];
    const [sentence = ""] = sentences(
      template(of("AWS::IAM::Role", { Policies: [{ PolicyDocument: statement({ Action }) }] })),
    );
    expect(sentence).toMatch(
      /^It allows \*, iam:\*, kms:Decrypt, s3:\*, secretsmanager:GetSecretValue, sqs:SendMessage, dynamodb:GetAction0,/,
    );
    const shown = sentence.slice("It allows ".length).split(" and ")[0]?.split(", ").length ?? 0;
    expect(sentence).toContain(` and ${Action.length - shown} more on *`);
  });

  it("the gravest permission stands first in the list of a stack", () => {
    const role = (Action: string): PlainObject => ({
      Type: "AWS::IAM::Role",
      Properties: { Policies: [{ PolicyDocument: statement({ Action }) }] },
    });
    const found = sentences(
      template({ A: role("s3:GetObject"), B: role("sqs:SendMessage"), C: role("kms:Decrypt"), D: role("*") }),
    );
    expect(found.map((each) => each[0])).toEqual(["D", "C", "B", "A"]);
  });
});
