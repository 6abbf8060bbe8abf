/** The recorded `kubectl`: reads the given manifests and says of each object that no cluster received it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { requireCluster } from "./kubeconfig.ts";
import { type KubernetesObject, manifestsAt, objectName, readManifests } from "./kubernetes-files.ts";
import { type Options, readOptions, runTool, type ToolContext, ToolFailure } from "./tool.ts";

const takes = ["n", "namespace", "f", "filename", "k", "kustomize", "o", "output", "timeout", "context"];
const flags = ["wait", "ignore-not-found", "server-side", "prune", "client", "recursive"];
const recorded = "recorded: no cluster runs";

function objectsOf(context: ToolContext, options: Options): readonly KubernetesObject[] {
  const namespace = options.value("n") ?? options.value("namespace");
  const files = [...options.values("f"), ...options.values("filename")];
  const folders = [...options.values("k"), ...options.values("kustomize")];
  const objects = [
    ...files.flatMap((file) =>
      file === "-"
        ? readManifests(readFileSync(0, "utf8"), "STDIN", namespace)
        : manifestsAt(context.cwd, file, namespace),
    ),
    ...folders.flatMap((folder) => kustomized(context, folder)),
  ];
  if (objects.length > 0) return objects;
  throw new ToolFailure(
    files.length + folders.length === 0 ? "must specify one of -f and -k" : "no objects passed to apply",
  );
}

/** Reads the files that a kustomization names. Its patches are ignored. */
function kustomized(context: ToolContext, folder: string): readonly KubernetesObject[] {
  const file = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    .map((name) => join(folder, name))
    .find((path) => existsSync(join(context.cwd, path)));
  if (file === undefined)
    throw new ToolFailure(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`,
    );
  const { resources = [] } = (parse(readFileSync(join(context.cwd, file), "utf8")) ?? {}) as {
    readonly resources?: readonly string[];
  };
  return resources.flatMap((resource) => {
    if (/^https?:|^git@/.test(resource))
      throw new ToolFailure(`recorded: the resource ${resource} is not fetched here.`);
    const path = join(folder, resource);
    return /\.ya?ml$/.test(resource) ? manifestsAt(context.cwd, path) : kustomized(context, path);
  });
}

function rollout({ say }: ToolContext, { operands: [what, workload = ""] }: Options): void {
  if (!/^(deployment|statefulset|daemonset)(\.apps)?\/[a-z0-9.-]+$/.test(workload))
    throw new ToolFailure(`the server doesn't have a workload ${JSON.stringify(workload)}`);
  if (what === "status") say(`${workload} successfully rolled out (${recorded})`);
  else if (what === "undo") say(`${workload} rolled back (${recorded})`);
  else throw new ToolFailure(`unknown command "rollout ${what ?? ""}" (recorded)`);
}

await runTool("kubectl", async (context) => {
  const [word = "", ...rest] = context.words;
  const options = readOptions(rest, { takes, flags });
  if (word === "version") return context.say(`Client Version: v1.33.0 (${recorded})`);
  requireCluster(context);
  if (word === "rollout") return rollout(context, options);
  const done = { apply: `created (${recorded})`, delete: `deleted (${recorded})`, get: "" }[word];
  if (done === undefined) throw new ToolFailure(`unknown command "${word}" for "kubectl" (recorded)`);
  for (const object of objectsOf(context, options)) context.say(`${objectName(object)} ${done}`.trim());
});
