/**
 * Deploys the synthesized templates into the embedded cloud and publishes the estate, all in this process. Roles, queues,
 * rules and Lambda functions are those of the templates; no bundler runs and no port opens.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { DeployedFunction, Poll } from "#test/simulation/base.ts";
import {
  openSimulatedCloud,
  openWorkshop,
  type SimulatedCloud,
  type Snapshot,
  type Workshop,
} from "#test/simulation/cloud.ts";
import type { Memory } from "#test/simulation/memory.ts";
import { publishFunction, rootModules, rootProposals } from "#test/simulation/root-proposals.ts";
import { createTransport } from "#test/simulation/transport.ts";
import { type Accounts, type Bundles, type Central, publishAll, type Templates } from "./forms.ts";
import { noteIn, type Sent, watching } from "./sent.ts";

type DeploymentOrder = {
  readonly accounts: Accounts;
  readonly estateText: string;
  readonly templates: Templates;
  readonly bundles: Bundles;
};

/** A snapshot that estates are opened from. */
export type Deployed = {
  readonly accounts: Accounts;
  readonly workshop: Workshop;
  readonly from: Snapshot;
  /** What publishing has sent. */
  readonly sent: readonly Sent[];
};

const empty: Memory = { rows: new Map(), bytes: new Map() };

/** The clients' sessions must not look expired, and their clocks follow the wall. */
const bootedAt = new Date("2030-01-01T00:00:00.000Z");

export async function deployEstate(order: DeploymentOrder): Promise<Deployed> {
  const { accounts, templates, estateText, bundles } = order;
  const { central, region, anchors, estate } = accounts;
  const functions: DeployedFunction[] = [];
  const polls: Poll[] = [];
  const bucket = `kedge-artifacts-${central}-${region}`;
  const workshop = openWorkshop({
    ...{ memory: empty, bootedAt, estate, estateText, bucket, functions, polls },
  });
  const cloud = await openSimulatedCloud({ workshop, calls: "wire" });
  await deployControlPlane(cloud, order);
  const sent: Sent[] = [];
  const publish = publishFunction(await functionsIn(cloud, central, region), central);
  const run = async (event: unknown) =>
    (await cloud.sandbox(publish, watching(publish.name, noteIn(sent))))(event);
  const signed = {
    proposals: rootProposals(cloud, accounts, run),
    modules: rootModules(cloud, accounts, run),
  };
  await publishAll(await centralClients(cloud, workshop, accounts, sent), estateText, bundles, signed);
  for (const { account, parameters, targets } of anchors) {
    await deploy(cloud, account, "KedgeAnchor", templates.anchor, parameters);
    for (const target of targets)
      await deploy(cloud, target.account, "KedgeTarget", templates.target, target.parameters);
  }
  for (const account of [central, ...anchors.map((anchor) => anchor.account)]) {
    await stopSchedules(cloud, account);
    const found = await functionsIn(cloud, account, region);
    functions.push(...found);
    polls.push(...(await pollsIn(cloud, account, found)));
  }
  const from = cloud.snapshot();
  await cloud.stop();
  return { accounts, workshop, from, sent };
}

async function deployControlPlane(
  cloud: SimulatedCloud,
  { accounts, templates }: DeploymentOrder,
): Promise<void> {
  const { central, region } = accounts;
  const Bucket = `cdk-hnb659fds-assets-${central}-${region}`;
  await cloud.ask(central, "s3", "CreateBucket", { Bucket });
  // The function's code is a published file; any zip will do, because the function runs in this process.
  const Body = Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64");
  for (const [, Key] of JSON.stringify(templates["control-plane"]).matchAll(/"S3Key":"([^"]+)"/g))
    await cloud.ask(central, "s3", "PutObject", { Bucket, Key, Body });
  await deploy(cloud, central, "KedgeControlPlane", withoutCatalog(templates["control-plane"]), {});
}

/** The Service Catalog portfolio stays away: it needs its products' templates as published files. */
function withoutCatalog({ Resources }: Templates["control-plane"]): object {
  const kept = Object.entries(Resources as Readonly<Record<string, { readonly Type: string }>>).filter(
    ([, { Type }]) => !Type.startsWith("AWS::ServiceCatalog::"),
  );
  return { Resources: Object.fromEntries(kept) };
}

async function deploy(
  cloud: SimulatedCloud,
  account: string,
  StackName: string,
  template: object,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const Bucket = `templates-${account}`;
  const Body = Buffer.from(JSON.stringify(template));
  await cloud.ask(account, "s3", "CreateBucket", { Bucket });
  await cloud.ask(account, "s3", "PutObject", { Bucket, Key: StackName, Body });
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ...{ ParameterKey, ParameterValue },
  }));
  await cloud.ask(account, "cloudformation", "CreateStack", {
    ...{ StackName, Parameters, Capabilities: ["CAPABILITY_NAMED_IAM"] },
    TemplateURL: `http://127.0.0.1/${Bucket}/${StackName}`,
  });
  type Described = { readonly Stacks: readonly { readonly StackStatus: string }[] };
  for (let status = "CREATE_IN_PROGRESS"; status !== "CREATE_COMPLETE"; ) {
    if (!status.endsWith("_IN_PROGRESS"))
      throw new TypeError(`The stack ${StackName} in ${account} is ${status}.`);
    await cloud.pass(1000);
    const asked = { StackName };
    const found = await cloud.ask<Described>(account, "cloudformation", "DescribeStacks", asked);
    status = found.Stacks[0]?.StackStatus ?? "gone";
  }
}

/** Schedules and alarms follow the clock for ever; in a wired estate the scenes decide what happens. */
async function stopSchedules(cloud: SimulatedCloud, account: string): Promise<void> {
  type Rules = { readonly Rules: readonly { readonly Name: string; readonly ScheduleExpression?: string }[] };
  const { Rules } = await cloud.ask<Rules>(account, "events", "ListRules", {});
  for (const { Name, ScheduleExpression } of Rules)
    if (ScheduleExpression !== undefined) await cloud.ask(account, "events", "DisableRule", { Name });
  type Alarms = { readonly MetricAlarms: readonly { readonly AlarmName: string }[] };
  const { MetricAlarms } = await cloud.ask<Alarms>(account, "monitoring", "DescribeAlarms", {});
  const AlarmNames = MetricAlarms.map(({ AlarmName }) => AlarmName);
  await cloud.ask(account, "monitoring", "DeleteAlarms", { AlarmNames });
}

type Listed = {
  readonly Functions: readonly {
    readonly FunctionName: string;
    readonly Role: string;
    readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  }[];
};

async function functionsIn(
  cloud: SimulatedCloud,
  account: string,
  region: string,
): Promise<readonly DeployedFunction[]> {
  const { Functions } = await cloud.ask<Listed>(account, "lambda", "ListFunctions", {});
  return Functions.map(({ FunctionName: name, Role: role, Environment }) => ({
    ...{ name, account, region, role },
    environment: Environment?.Variables ?? {},
  }));
}

type Mapped = {
  readonly EventSourceMappings: readonly {
    readonly EventSourceArn: string;
    readonly FunctionArn: string;
    readonly BatchSize: number;
  }[];
};

async function pollsIn(
  cloud: SimulatedCloud,
  account: string,
  functions: readonly DeployedFunction[],
): Promise<readonly Poll[]> {
  const { EventSourceMappings } = await cloud.ask<Mapped>(account, "lambda", "ListEventSourceMappings", {});
  return EventSourceMappings.flatMap(({ EventSourceArn: queue, FunctionArn, BatchSize: batch }) => {
    const of = functions.find(({ name }) => FunctionArn.endsWith(`:${name}`));
    return of === undefined ? [] : [{ queue, batch, of }];
  });
}

/** Clients of the central account's administrator. A role is needed, because this cloud knows callers by their sessions. */
export async function centralClients(
  cloud: SimulatedCloud,
  { wires }: Workshop,
  { central: account, region }: Accounts,
  sent: Sent[],
): Promise<Central> {
  const RoleName = "administrator";
  const allow = (rest: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  const trust = allow({ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" });
  await cloud
    .ask(account, "iam", "CreateRole", { RoleName, AssumeRolePolicyDocument: trust })
    .catch(() => undefined); // the snapshot has the role already
  const PolicyDocument = allow({ Action: "*", Resource: "*" });
  await cloud.ask(account, "iam", "PutRolePolicy", { RoleName, PolicyName: "all", PolicyDocument });
  const order = { RoleArn: `arn:aws:iam::${account}:role/${RoleName}`, RoleSessionName: "wire" };
  const { Credentials } = await cloud.ask<{ Credentials: Session }>(account, "sts", "AssumeRole", order);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = Credentials;
  const config = {
    ...{ region, endpoint: "http://127.0.0.1", forcePathStyle: true },
    credentials: { accessKeyId, secretAccessKey, sessionToken: Credentials.SessionToken },
    requestHandler: createTransport(cloud.kernel, wires, watching(RoleName, noteIn(sent))),
  };
  return {
    s3: new S3Client(config),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    catalog: new ServiceCatalogClient(config),
  };
}

type Session = {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
};
