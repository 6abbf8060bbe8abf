import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { controlPlaneApp } from "#control-plane/control-plane.ts";
import { type LambdaBundles, lambdaNames } from "#control-plane/properties.ts";
import { folders } from "#release/names/deployed-names.ts";
import {
  central,
  code,
  inAnchor,
  makeStacks,
  region,
  resolveIn,
  type Template,
  templateOf,
} from "#test/support/stacks.ts";
import { type Found, statementsIn } from "#test/support/statements.ts";

const anchors = ["111111111111", "121212121212"];
const template = templateOf(makeStacks(anchors)["control-plane"]);
const resources = resolveIn(template, { ...inAnchor([]), "AWS::AccountId": central });
const statements = statementsIn(resources);

const artifacts = `arn:aws:s3:::kedge-artifacts-${central}-${region}`;

describe("the artifact bucket", () => {
  it("is retained with its objects, and sends a notification of every upload to the intake queue", () => {
    const { DeletionPolicy, Properties } = resources["Artifacts"] ?? {};
    expect(DeletionPolicy).toBe("Retain");
    const notifications = Properties?.["NotificationConfiguration"] as
      | { readonly QueueConfigurations: readonly unknown[] }
      | undefined;
    expect(notifications?.QueueConfigurations).toEqual(
      [..."0123456789"].map((digit) => ({
        Event: "s3:ObjectCreated:*",
        Filter: { S3Key: { Rules: [{ Name: "prefix", Value: digit }] } },
        Queue: "<Intake.Arn>",
      })),
    );
    for (const folder of Object.values(folders)) expect(folder).not.toMatch(/^\d/);
  });

  it("lets the estate shorten the time of artifacts, and keeps records for 365 days at least", () => {
    type Rule = { readonly Prefix?: string; readonly NoncurrentVersionExpiration?: unknown };
    const lifecycle = resources["Artifacts"]?.Properties["LifecycleConfiguration"] as
      | { readonly Rules: readonly Rule[] }
      | undefined;
    const of = (prefix: string | undefined) =>
      lifecycle?.Rules.find(({ Prefix }) => Prefix === prefix)?.NoncurrentVersionExpiration;
    expect(of("1")).toEqual({ NoncurrentDays: 90, NewerNoncurrentVersions: 5 });
    for (const folder of ["results/", "reviews/", "uploads/"])
      expect(of(folder)).toEqual({ NoncurrentDays: 365 });
    expect(of("people/")).toEqual({ NoncurrentDays: 1 });
    // Of overlapping rules S3 applies the shorter time.
    expect(of(undefined)).toBeUndefined();
  });
});

describe("the intake", () => {
  it("takes notifications of the artifact bucket alone", () => {
    const senders = statements.filter(
      ({ where, effect }) => /^Intake.*Policy$/.test(where) && effect === "Allow",
    );
    expect(senders.map(({ where, principal, condition }) => [where, principal, condition])).toEqual([
      [
        "IntakePolicy",
        { Service: "s3.amazonaws.com" },
        { ArnEquals: { "aws:SourceArn": artifacts }, StringEquals: { "aws:SourceAccount": central } },
      ],
    ]);
  });

  it("lets route send to the line queues of each anchor", () => {
    const sending = statements.find(
      ({ where, actions }) => where === "RouteRole" && actions.includes("sqs:SendMessage"),
    ) as Found;
    expect(sending.resources).toEqual([`arn:aws:sqs:${region}:*:kedge-lines-*`]);
    expect(sending.condition).toEqual({ StringEquals: { "aws:ResourceAccount": anchors } });
  });

  it("receives failed messages again one by one, and not before the function's timeout has passed", () => {
    expect(resources["RouteUploads"]?.Properties).toMatchObject({
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    const timeout = Number(resources["Route"]?.Properties["Timeout"]);
    expect(Number(resources["Intake"]?.Properties["VisibilityTimeout"])).toBeGreaterThanOrEqual(6 * timeout);
  });
});

describe("the catalog", () => {
  it("launches both products as the local role kedge-launch, for the principal kedge-provisioner", () => {
    const constraints = Object.values(resources).filter(
      ({ Type }) => Type === "AWS::ServiceCatalog::LaunchRoleConstraint",
    );
    expect(constraints.map(({ Properties }) => Properties["LocalRoleName"])).toEqual([
      "kedge-launch",
      "kedge-launch",
    ]);
    expect(resources["Provisioners"]?.Properties).toMatchObject({
      PrincipalType: "IAM_PATTERN",
      PrincipalARN: "arn:aws:iam:::role/kedge-provisioner",
    });
  });
});

describe("the assembly", () => {
  const assemble = (
    digests: Readonly<Record<string, string>>,
  ): { readonly folder: string; readonly template: Template } => {
    const work = mkdtempSync(join(tmpdir(), "kedge-assembly-"));
    const lambdas = Object.fromEntries(
      lambdaNames.map((name) => {
        writeFileSync(join(work, `${name}.zip`), name);
        return [name, { zip: join(work, `${name}.zip`), digest: digests[name] }];
      }),
    ) as LambdaBundles;
    const folder = join(work, "cdk.out");
    const retention = { artifactVersionsDays: 365 };
    const estate = { central, region, retention, anchors: [{ account: "111111111111", region }] };
    controlPlaneApp({ outdir: folder, lambdas, estate }).synth();
    return {
      folder,
      template: JSON.parse(readFileSync(join(folder, "KedgeControlPlane.template.json"), "utf8")),
    };
  };
  const versionOf = ({ Resources }: Template, product: string): unknown => {
    const versions = Resources[product]?.Properties["ProvisioningArtifactParameters"] ?? [];
    return (versions as readonly { readonly Name: string }[])[0]?.Name;
  };

  it("is one stack with its assets, so that plain `cdk deploy` deploys it", () => {
    const { folder } = assemble(code);
    const { artifacts: made } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    const stacks = Object.entries(made as Record<string, { type: string }>).filter(
      ([, { type }]) => type === "aws:cloudformation:stack",
    );
    expect(stacks.map(([name]) => name)).toEqual(["KedgeControlPlane"]);
    expect(readFileSync(join(folder, "KedgeControlPlane.assets.json"), "utf8")).toContain("files");
  });

  it("creates the launch role before the constraints that name it", () => {
    const { template } = assemble(code);
    for (const id of ["AnchorLaunchRole", "TargetLaunchRole"])
      expect(template.Resources[id]).toMatchObject({ DependsOn: expect.arrayContaining(["LaunchRole"]) });
  });

  it("is the same, byte for byte, for the same input", () => {
    const [one, two] = [assemble(code), assemble(code)];
    expect(one.template).toEqual(two.template);
  });

  it("gives the anchor a new version when a Lambda's code changes, and the target none", () => {
    const [before, after] = [assemble(code), assemble({ ...code, observe: "f".repeat(64) })];
    expect(versionOf(after.template, "AnchorProduct")).not.toBe(versionOf(before.template, "AnchorProduct"));
    expect(versionOf(after.template, "TargetProduct")).toBe(versionOf(before.template, "TargetProduct"));
  });
});
