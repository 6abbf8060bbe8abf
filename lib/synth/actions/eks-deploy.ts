/** Renders CodePipeline's EKS deploy action, for a Helm chart or manifests. */
import type { EksDeployAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, artifact, aws, deployRole } from "#synth/setting.ts";

export const renderEksDeploy = (action: EksDeployAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Deploy", "EKS"),
  roleArn: deployRole(action.target.account),
  inputArtifacts: [artifact(action.input)],
  configuration: { ClusterName: action.cluster, Namespace: action.namespace, ...deploys(action) },
});

function deploys({ deploys }: EksDeployAction): Readonly<Record<string, string>> {
  if (deploys.kind === "manifests") return { ManifestFiles: deploys.files.join(",") };
  return {
    HelmReleaseName: deploys.release,
    HelmChartLocation: deploys.chart,
    ...(deploys.values.length > 0 && { HelmValuesFiles: deploys.values.join(",") }),
  };
}
