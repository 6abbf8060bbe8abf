/** The scenes that wired estates play while their calls are noted. Each scene has an estate of its own. */
import { exampleFiles } from "#test/support/golden.ts";
import { type Line, requestObservations, rollOut, zipOf } from "./forms.ts";
import type { WiredEstate } from "./wired-estate.ts";

const central = "101010101010";
const shop = "111111111111";
const bank = "121212121212";
const artifacts = "kedge-artifacts-101010101010-us-east-1";
const cache = "kedge-cache-111111111111-us-east-1";

const line = (account: string, app: string, branch: string): Line => ({ account, app, branch });

const template = (body: object): Uint8Array =>
  zipOf([{ name: "template.json", content: JSON.stringify(body) }]);
const topic = (number: number) => ({ [`Topic${number}`]: { Type: "AWS::SNS::Topic" } });
/** Equal numbers are equal artifacts. */
const plain = (number: number) => template({ Resources: topic(number) });
/** It needs another capability, so the plan changes with it; then CloudFormation rejects its second parameter. */
const failing = (number: number) => {
  const Name = { "Fn::Sub": "/$" + "{AWS::StackName}/twice" };
  const parameter = { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Name, Value: "once" } };
  const Resources = { ...topic(number), First: parameter, Second: { ...parameter, DependsOn: "First" } };
  return template({ Transform: "AWS::LanguageExtensions", Resources });
};
const noZip = new TextEncoder().encode("no zip");
const nothing = new Uint8Array(0);

type Scene = (estate: WiredEstate, estateText: string) => Promise<unknown>;

/** A line is created, superseded while it waits for an approval, released, changed, rejected and torn down. */
const life: Scene = async (estate) => {
  const main = line(bank, "ledger", "main");
  const release = async (artifact: Uint8Array) => {
    await estate.upload(main, artifact);
    await estate.rest();
  };
  const approve = async () => {
    await estate.approve(bank);
    await estate.rest();
  };
  await release(plain(1));
  await release(plain(2));
  await approve();
  await release(failing(3));
  await approve();
  await release(noZip);
  await release(nothing);
};

/** A site is published twice, the second time without one of its files. */
const site: Scene = async (estate) => {
  const files = exampleFiles("tides-site").filter(({ name }) => name !== "smoke-test.sh");
  const one = line(shop, "tides-site", "feature/one");
  for (const named of [files, files.filter(({ name }) => name !== "robots.txt")]) {
    await estate.upload(one, zipOf(named));
    await estate.rest();
  }
};

/** A key that names no line. */
const badKey: Scene = async (estate) => {
  await estate.uploadAt(shop, `${shop}/latest.zip`, plain(1));
  await estate.rest();
};

/** A team may release one line at a time, so its second line waits. When their time to live is over, both lines are torn down. */
const expiry: Scene = async (estate) => {
  for (const app of ["cart-a", "cart-b"]) await estate.upload(line(shop, app, "feature/one"), plain(1));
  await estate.rest();
  await estate.pass(15 * 24 * 3600_000);
  await estate.resync(shop);
};

/** Other lines hold all slots, or all pipelines of the account's quota. */
const full: Scene = async (estate, estateText) => {
  const other = "other-main-abcdefghijkl";
  const put = (Key: string) =>
    estate.ask(shop, "s3", "PutObject", { ...{ Bucket: cache, Key }, Body: Buffer.from("{}") });
  await put(`governor/${other}/running/main/-/starts/2030-01-01T00:00:00.000Z`);
  await put(`lines/${other}/line.json`);
  const upload = async (pace: string, branch: string) => {
    await estate.publishEstate(estateText.replace(/^pace: .*$/m, `pace: { ${pace} }`));
    await estate.upload(line(shop, "stock", branch), plain(1));
    await estate.handle("kedge-route");
    await estate.handle("kedge-reconcile");
  };
  await upload("releases: 1", "feature/one");
  await upload("pipelines: 1", "feature/two");
  await upload("releases: 1, hotfixes: 1", "hotfix/three");
};

/** A pipeline with so many environments that CloudFormation has to read its template from the cache. */
const large: Scene = async (estate, estateText) => {
  const tenant = (_: unknown, at: number) => `      client-${at}: { account: "${500_000_000_000 + at}" }`;
  const tenants = Array.from({ length: 25 }, tenant).join("\n");
  await estate.publishEstate(estateText.replace(/^ {6}acme: .*$/m, (acme) => `${acme}\n${tenants}`));
  await estate.upload(line(bank, "ledger", "main"), plain(1));
  await estate.handle("kedge-route");
  await estate.handle("kedge-reconcile");
};

/** An operator requests an observation, and the estate gives a branch another class while its message is on its way. */
const requests: Scene = async (estate, estateText) => {
  const moved = line(shop, "stock", "feature/moved");
  await estate.upload(moved, plain(1));
  await requestObservations(estate.central, [moved]);
  await estate.handle("kedge-route");
  await estate.publishEstate(estateText.replace("main: [main]", "main: [main, feature/moved]"));
  await estate.handle("kedge-reconcile");
};

/** Two messages cannot be read. AWS denies a call until a third message is a dead letter. */
const trouble =
  (by: string, service: string, operation: string, pauseMs: number): Scene =>
  async (estate) => {
    const to = async (account: string, name: string, more: object) =>
      estate.ask(account, "sqs", "SendMessage", {
        ...{
          QueueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/${name}`,
          MessageBody: "no JSON",
          ...more,
        },
      });
    await to(central, "kedge-intake", {});
    await to(shop, "kedge-lines-feature.fifo", { MessageGroupId: "x", MessageDeduplicationId: "x" });
    estate.deny({ principal: by, service, operation });
    await estate.upload(line(shop, "trouble", "feature/one"), plain(1));
    for (let times = 0; times < 11; times += 1) await estate.pass(pauseMs);
  };

/** A lost line has left resources behind. Returns the answers of kedge-sweep: the list of orphans, then their removal. */
const orphans: Scene = async (estate) => {
  const lost = "lost-main-abcdefghijkl";
  const TemplateBody = JSON.stringify({ Resources: topic(1) });
  const stack = (account: string, StackName: string) =>
    estate.ask(account, "cloudformation", "CreateStack", { StackName, TemplateBody });
  await stack("222222222222", `kedge-app-dev-${lost}`);
  await stack(shop, `kedge-line-${lost}`);
  const put = (account: string, Bucket: string, Key: string) =>
    estate.ask(account, "s3", "PutObject", { ...{ Bucket, Key }, Body: Buffer.from("{}") });
  await put(shop, cache, `kedge-line-${lost}/Release/AbCdEfG`);
  await put(shop, cache, "lines/known-main-abcdefghijkl/line.json");
  await put(shop, cache, `governor/${lost}/waiting/main/-/starts/2030-01-01T00:00:00.000Z`);
  await put(central, artifacts, `results/${shop}/lost/main/latest.json`);
  await estate.rest();
  const before = await estate.invoke(shop, "kedge-sweep", {});
  return { before, after: await estate.invoke(shop, "kedge-sweep", { fix: true }) };
};

/** The registry gets a rollout and a trial. */
const rollout: Scene = (estate) =>
  rollOut(estate.central, `kedge-registry-${central}-us-east-1`, line(shop, "stock", "main"));

export const scenes: Readonly<Record<string, Scene>> = {
  ...{ life, site, badKey, expiry, full, large, requests, orphans, rollout },
  lostRoutes: trouble("kedge-route", "s3", "GetObject", 181_000),
  lostReconciles: trouble("kedge-reconcile", "cloudformation", "DescribeStacks", 301_000),
};
