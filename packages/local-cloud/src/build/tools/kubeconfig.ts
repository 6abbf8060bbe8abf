/**
 * Reads and writes the file through which helm and kubectl find a cluster, as `aws eks update-kubeconfig`
 * writes it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { type ToolContext, ToolFailure } from "./tool.ts";

const pathIn = ({ environment }: ToolContext): string =>
  environment["KUBECONFIG"] ?? join(environment["HOME"] ?? "", ".kube", "config");

export function requireCluster(toolContext: ToolContext): void {
  const path = pathIn(toolContext);
  if (existsSync(path) && readFileSync(path, "utf8").includes("current-context:")) return;
  throw new ToolFailure(
    "Kubernetes cluster unreachable: there is no current context; aws eks update-kubeconfig makes one.",
  );
}

export function writeKubeconfig(
  toolContext: ToolContext,
  cluster: { readonly arn: string; readonly name: string; readonly endpoint: string; readonly ca: string },
): string {
  const { arn, name, endpoint, ca } = cluster;
  const path = pathIn(toolContext);
  mkdirSync(dirname(path), { recursive: true });
  const command = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws" };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": arn,
    clusters: [{ name: arn, cluster: { server: endpoint, "certificate-authority-data": ca } }],
    contexts: [{ name: arn, context: { cluster: arn, user: arn } }],
    users: [
      { name: arn, user: { exec: { ...command, args: ["eks", "get-token", "--cluster-name", name] } } },
    ],
  };
  writeFileSync(path, stringify(config));
  return path;
}
