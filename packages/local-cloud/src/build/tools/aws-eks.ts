/**
 * The recorded `aws eks`: runs `update-kubeconfig`, which builds need before helm and kubectl, through a
 * call to the cluster's record.
 */
import { writeKubeconfig } from "./kubeconfig.ts";
import { signedRequest } from "./signed-request.ts";
import { readOptions, runTool, type ToolContext, ToolFailure } from "./tool.ts";

type Cluster = {
  readonly arn: string;
  readonly name: string;
  readonly endpoint: string;
  readonly certificateAuthority: { readonly data: string };
};

async function updateKubeconfig(context: ToolContext): Promise<void> {
  const [service, command, ...rest] = context.words;
  if (service !== "eks" || command !== "update-kubeconfig")
    throw new ToolFailure(
      `recorded: aws ${context.words.join(" ")} is not supported; use aws eks update-kubeconfig.`,
    );
  const options = readOptions(rest, { takes: ["name", "region", "alias"], flags: [] });
  const name = options.value("name");
  if (name === undefined) throw new ToolFailure("the following arguments are required: --name");
  const answer = await signedRequest(context, {
    service: "eks",
    method: "GET",
    path: `/clusters/${encodeURIComponent(name)}`,
  });
  if (answer.status !== 200) {
    const { message = answer.text } = JSON.parse(answer.text) as { readonly message?: string };
    throw new ToolFailure(`An error occurred when calling the DescribeCluster operation: ${message}`);
  }
  const { cluster } = JSON.parse(answer.text) as { readonly cluster: Cluster };
  const path = writeKubeconfig(context, { ...cluster, ca: cluster.certificateAuthority.data });
  context.say(`Added new context ${cluster.arn} to ${path} (recorded: no cluster runs)`);
}

await runTool("aws", updateKubeconfig);
