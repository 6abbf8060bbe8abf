/**
 * The buildspecs that work in a cluster. The EKS action neither waits for a rollout nor undoes one, so
 * `verify` does both after it; a deployment by a build does both itself. Values are environment variables of
 * the project.
 */
import { handedFolder } from "#release/stack/build-stack.ts";
import type { Content } from "./content.ts";

const spec = (commands: readonly string[]): string =>
  JSON.stringify({ version: "0.2", phases: { build: { "on-failure": "ABORT", commands } } });

const begin = (root: string): readonly string[] => [
  `cd "$CODEBUILD_SRC_DIR/${root}."`,
  'aws eks update-kubeconfig --name "$CLUSTER" --region "$AWS_REGION"',
];

const location = '--namespace "$NAMESPACE"';

/** Names of the workloads that have a rollout, among the objects that `list` prints. */
const workloads = (list: string): string =>
  `WORKLOADS="$(${list} -o name | grep -E '^(deployment|statefulset|daemonset)\\.apps/' || true)"`;

const wait =
  'FAILED=""; for each in $WORKLOADS; do kubectl rollout status "$each" --namespace "$NAMESPACE" --timeout="$TIMEOUT" || FAILED="$FAILED $each"; done';

const helmBack =
  'REVISION="$(helm status "$RELEASE" --namespace "$NAMESPACE" -o json | sed -n \'s/.*"version":\\([0-9]*\\).*/\\1/p\')"; if [ "${REVISION:-1}" -gt 1 ]; then helm rollback "$RELEASE" --namespace "$NAMESPACE" --wait --timeout "$TIMEOUT"; else helm uninstall "$RELEASE" --namespace "$NAMESPACE" --wait --timeout "$TIMEOUT"; fi';
const objectsBack =
  'for each in $WORKLOADS; do kubectl rollout undo "$each" --namespace "$NAMESPACE" || true; done';

const settle = (kind: Content["kind"]): readonly string[] => [
  kind === "helm"
    ? workloads(`helm get manifest "$RELEASE" ${location} | kubectl get -f - ${location}`)
    : workloads(`kubectl get $OBJECTS ${location}`),
  wait,
  `[ -z "$FAILED" ] || { echo "These resources did not roll out in time, so the release goes back to the earlier version:$FAILED"; ${kind === "helm" ? helmBack : objectsBack}; exit 1; }`,
];

export const verifySpec = (kind: Content["kind"]): string => spec([...begin(handedFolder), ...settle(kind)]);

export const deploySpec = (kind: Content["kind"]): string =>
  kind === "helm"
    ? spec([
        ...begin(handedFolder),
        `helm upgrade "$RELEASE" "$CHART" --install --atomic --wait --timeout "$TIMEOUT" ${location} $VALUES`,
      ])
    : spec([...begin(handedFolder), `kubectl apply $OBJECTS ${location}`, ...settle(kind)]);

export const undoSpec = (kind: Content["kind"]): string =>
  kind === "helm"
    ? spec([
        ...begin(""),
        `helm uninstall "$RELEASE" ${location} --wait --timeout "$TIMEOUT" --ignore-not-found`,
      ])
    : spec([...begin(""), `kubectl delete $OBJECTS ${location} --ignore-not-found --wait`]);
