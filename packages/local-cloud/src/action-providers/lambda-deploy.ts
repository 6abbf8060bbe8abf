/**
 * Lambda deploy: moves a function's alias to a version, or to the code in the input artifact, all at once
 * or in shifts of traffic. When an alarm goes off on the way, the alias goes back and the action fails.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import { writeLog } from "./command-log.ts";
import { checkStrategy, shiftsOf } from "./lambda-strategy.ts";
import { type ActionProvider, DAY, failed, type Job, type Outcome, properties } from "./provider.ts";

/**
 * The interval, in ms, between two checks of the alarms while traffic waits for a shift. AWS does not
 * document it.
 */
const WATCH = 30_000;

type Memo = {
  readonly from: string;
  readonly to: string;
  /** When the next shift is due, in milliseconds, and how many shifts were made. */
  readonly due: number;
  readonly made: number;
};

export const lambdaDeploy: ActionProvider = {
  categories: ["Deploy"],
  provider: "Lambda",
  inputs: [0, 1],
  outputs: [0, 0],
  v2: true,
  timeoutMinutes: 2 * DAY,
  properties: properties(
    ["FunctionName"],
    ["FunctionAlias", "PublishedTargetVersion", "DeployStrategy", "Alarms"],
  ),
  check: (configuration, inputs) => checkStrategy(configuration, inputs.length),
  start,
  observe,
};

type Alias = {
  readonly FunctionVersion?: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> };
};

async function start(job: Job): Promise<Outcome> {
  const wrong = checkStrategy(job.configuration, job.inputs.length); // variables are resolved now, so the strategy is checked again
  if (wrong !== undefined) return failed("ConfigurationError", wrong);
  const { FunctionName, FunctionAlias: Name } = job.configuration;
  if (Name === undefined) return done(await publish(job));
  const alias = await job.call<Alias>("lambda", "GetAlias", { FunctionName, Name });
  if (Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0) {
    return failed("ConfigurationError", `The alias ${Name} must have one version when the action starts.`);
  }
  const from = alias.FunctionVersion ?? "";
  const to = await targetVersion(job);
  if (from === to && assumptions.lambdaDeployOfSameVersionSucceeds)
    return done(to, `The alias ${Name} is at version ${to} already.`);
  const alarm = await firing(job);
  if (alarm !== undefined) return failed("JobFailed", `The alarm ${alarm} is in ALARM; nothing was shifted.`);
  return await shift(job, { from, to, due: job.clock.now().getTime(), made: 0 });
}

async function observe(job: Job, memo: Memo): Promise<Outcome> {
  const alarm = await firing(job);
  if (alarm !== undefined) {
    await route(job, memo.from);
    const why = `The alarm ${alarm} went to ALARM. The alias ${job.configuration["FunctionAlias"] ?? ""} was turned back to version ${memo.from}.`;
    await writeLog(job, [why]);
    return failed("JobFailed", why);
  }
  return job.clock.now().getTime() < memo.due ? waiting(job, memo) : await shift(job, memo);
}

/** Makes the shift that is due. After the last shift the new version gets all traffic. */
async function shift(job: Job, memo: Memo): Promise<Outcome> {
  const shifts = shiftsOf(job.configuration["DeployStrategy"] ?? "AllAtOnce");
  const { percent = 100, minutes = 0 } = shifts[memo.made] ?? {};
  if (percent >= 100) {
    await route(job, memo.to);
    await writeLog(job, [`100 percent of the traffic goes to version ${memo.to}`]);
    return done(memo.to);
  }
  await route(job, memo.from, { [memo.to]: percent / 100 });
  await writeLog(job, [`${percent} percent of the traffic goes to version ${memo.to}`]);
  return waiting(job, { ...memo, due: memo.due + minutes * 60_000, made: memo.made + 1 });
}

function waiting(job: Job, memo: Memo): Outcome {
  const watch = hasAlarms(job) ? job.clock.now().getTime() + WATCH : memo.due;
  return { status: "InProgress", details: { memo }, again: new Date(Math.min(memo.due, watch)) };
}

const done = (version: string, summary?: string): Outcome => ({
  status: "Succeeded",
  details: { outputVariables: { FunctionVersion: version }, ...(summary !== undefined && { summary }) },
});

const route = (job: Job, version: string, weights: Readonly<Record<string, number>> = {}): Promise<unknown> =>
  job.call("lambda", "UpdateAlias", {
    FunctionName: job.configuration["FunctionName"],
    Name: job.configuration["FunctionAlias"],
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: weights },
  });

async function targetVersion(job: Job): Promise<string> {
  const { FunctionName, PublishedTargetVersion: Qualifier } = job.configuration;
  if (Qualifier === undefined) return await publish(job);
  await job.call("lambda", "GetFunctionConfiguration", { FunctionName, Qualifier });
  return Qualifier;
}

/** Publishes the code in the input artifact as a new version. */
async function publish(job: Job): Promise<string> {
  const { FunctionName } = job.configuration;
  const ZipFile = await job.inputs[0]?.read();
  await job.call("lambda", "UpdateFunctionCode", { FunctionName, ZipFile });
  for (;;) {
    const now = await job.call<{ LastUpdateStatus?: string }>("lambda", "GetFunctionConfiguration", {
      FunctionName,
    });
    if (now.LastUpdateStatus !== "InProgress" || job.cloud.stopping()) break;
    await job.clock.sleep(job.cloud.pace.poll);
  }
  const { Version = "" } = await job.call<{ Version?: string }>("lambda", "PublishVersion", { FunctionName });
  return Version;
}

const hasAlarms = ({ configuration }: Job): boolean => (configuration["Alarms"] ?? "") !== "";

/** Returns the first of the action's alarms that is in ALARM. An alarm that does not exist never is. */
async function firing(job: Job): Promise<string | undefined> {
  if (!hasAlarms(job)) return undefined;
  const AlarmNames = (job.configuration["Alarms"] ?? "").split(",").map((name) => name.trim());
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await job.call<{
      MetricAlarms?: readonly { readonly AlarmName?: string; readonly StateValue?: string }[];
      CompositeAlarms?: readonly { readonly AlarmName?: string; readonly StateValue?: string }[];
    }>("monitoring", "DescribeAlarms", { AlarmNames });
    return [...MetricAlarms, ...CompositeAlarms].find(({ StateValue }) => StateValue === "ALARM")?.AlarmName;
  } catch (error) {
    if (isAwsError(error)) job.cloud.log(`codepipeline ${job.pipeline.name} ${job.name}: ${error.message}`);
    throw error;
  }
}
