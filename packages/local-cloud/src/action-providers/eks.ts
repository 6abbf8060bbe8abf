/**
 * EKS: deploys a Helm chart or manifests to a cluster. No cluster runs here, so the action checks the facts
 * that need no cluster: the cluster's record, the role's access entry, and the files of the artifact. The
 * outcome says that the deployment was only recorded.
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

/**
 * Returns the reason why the cluster denies the action's role, or undefined when the role has an access
 * entry.
 */
async function entry(job: Job, cluster: string): Promise<string | undefined> {
  await job.call("eks", "DescribeCluster", { name: cluster });
  try {
    await job.cloud.invoke({
      service: "eks",
      operation: "DescribeAccessEntry",
      // The account asks, because the cluster knows its entries even when the role may not read them.
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

/** Returns a line for each object or file that it checked. Throws the tool's own error. */
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
