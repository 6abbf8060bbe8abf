/**
 * EKS: brings a Helm chart or manifests to a cluster. No cluster runs here, so what can be told without one is checked:
 * the cluster's record, the role's way into it, and what the artifact holds. The outcome says that it was recorded.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkValues, manifestsAt, objectName, readChart } from "#cloud/build/tools/kubernetes-files.ts";
import { unzipTo } from "#cloud/build/zip-reader.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { accountRoot } from "#cloud/kernel/principal.ts";
import { writeLog } from "./command-log.ts";
import { type ActionProvider, failed, HOUR, type Job, type Outcome, properties } from "./provider.ts";

type Configuration = Readonly<Record<string, string>>;

export const eksDeploy: ActionProvider = {
  categories: ["Deploy"],
  provider: "EKS",
  inputs: [1, 1],
  outputs: [0, 0],
  v2: true,
  properties: properties(
    ["ClusterName"],
    [
      "ManifestFiles",
      "HelmReleaseName",
      "HelmChartLocation",
      "HelmValuesFiles",
      "Namespace",
      "Subnets",
      "SecurityGroupIds",
    ],
  ),
  check: checkConfiguration,
  timeoutMinutes: HOUR,
  start,
};

function checkConfiguration(configuration: Configuration): string | undefined {
  const { ManifestFiles, HelmReleaseName, HelmChartLocation, HelmValuesFiles } = configuration;
  const helm = HelmReleaseName ?? HelmChartLocation ?? HelmValuesFiles;
  if (ManifestFiles !== undefined && helm !== undefined)
    return "ManifestFiles and the Helm properties cannot be used together";
  if (ManifestFiles !== undefined) return undefined;
  return HelmReleaseName === undefined || HelmChartLocation === undefined
    ? "Either ManifestFiles, or HelmReleaseName and HelmChartLocation are required"
    : undefined;
}

async function start(job: Job): Promise<Outcome> {
  const cluster = job.configuration["ClusterName"] ?? "";
  const denial = await entry(job, cluster);
  if (denial !== undefined) return failed("JobFailed", denial);
  const folder = await mkdtemp(join(job.cloud.scratch, "eks-"));
  try {
    const [input] = job.inputs;
    if (input !== undefined) await unzipTo(await input.read(), folder);
    const seen = checkFiles(job.configuration, folder);
    const summary = `recorded: no cluster runs; ${seen.length} checked for ${cluster}`;
    await writeLog(job, [...seen.map((each) => `recorded: ${each}`), summary]);
    return { status: "Succeeded", details: { summary, outputVariables: { EKSClusterName: cluster } } };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ToolFailure") throw error;
    await writeLog(job, [error.message]);
    return failed("JobFailed", error.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why the action's role does not get into the cluster. */
async function entry(job: Job, cluster: string): Promise<string | undefined> {
  await job.call("eks", "DescribeCluster", { name: cluster });
  try {
    await job.cloud.invoke({
      service: "eks",
      operation: "DescribeAccessEntry",
      // The cluster itself knows its entries, whatever the role may read of them.
      input: { clusterName: cluster, principalArn: job.role.roleArn },
      principal: accountRoot(job.role.account),
      region: job.region,
    });
    return undefined;
  } catch (error) {
    if (!isAwsError(error, "ResourceNotFoundException")) throw error;
    return `Unauthorized: the cluster ${cluster} has no access entry for ${job.role.roleArn}.`;
  }
}

const listed = (text = ""): readonly string[] =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");

/** What is there, a line for each; throws the tool's own refusal. */
function checkFiles(configuration: Configuration, folder: string): readonly string[] {
  const {
    ManifestFiles,
    HelmReleaseName,
    HelmChartLocation = "",
    HelmValuesFiles,
    Namespace,
  } = configuration;
  if (ManifestFiles !== undefined) {
    return listed(ManifestFiles).flatMap((path) =>
      manifestsAt(folder, path, Namespace).map((object) => `${objectName(object)} of ${path}`),
    );
  }
  const chart = readChart(folder, HelmChartLocation);
  const values = listed(HelmValuesFiles);
  for (const path of values) checkValues(folder, path);
  return [
    `release ${HelmReleaseName} of chart ${chart.name}-${chart.version}`,
    ...values.map((path) => `values ${path}`),
  ];
}
