/**
 * The recorded `helm`: checks the chart, its values and the command line, and says that no cluster received
 * them.
 */
import { requireCluster } from "./kubeconfig.ts";
import { checkValues, readChart } from "./kubernetes-files.ts";
import { type Options, readOptions, runTool, type ToolContext, ToolFailure } from "./tool.ts";

const commonOptions = ["n", "namespace", "kube-context", "timeout"];
const waiting = ["wait", "atomic", "cleanup-on-fail", "debug"];

type Command = {
  readonly takes: readonly string[];
  readonly flags: readonly string[];
  readonly run: (context: ToolContext, options: Options) => void;
};

const recorded = "recorded: no cluster runs";

const commands: Readonly<Record<string, Command>> = {
  version: { takes: [], flags: ["short"], run: ({ say }) => say(`v3.19.0 (${recorded})`) },
  upgrade: {
    takes: [...commonOptions, "f", "values", "set", "set-string", "version", "history-max"],
    flags: [...waiting, "i", "install", "create-namespace", "reset-values"],
    run: upgrade,
  },
  uninstall: {
    takes: commonOptions,
    flags: [...waiting, "ignore-not-found"],
    run: (context, options) => context.say(`release "${release(options)}" uninstalled (${recorded})`),
  },
  rollback: {
    takes: commonOptions,
    flags: waiting,
    run: (context, options) => {
      release(options);
      context.say(`Rollback was a success! (${recorded})`);
    },
  },
  status: {
    takes: [...commonOptions, "o", "output"],
    flags: [],
    run: (context, options) =>
      context.say(
        JSON.stringify({
          name: release(options),
          version: 1,
          info: { status: "deployed", description: recorded },
        }),
      ),
  },
  get: {
    takes: commonOptions,
    flags: [],
    run: ({ say }, { operands: [what] }) => {
      if (what !== "manifest")
        throw new ToolFailure(`recorded: helm get ${what ?? ""} is not supported; use helm get manifest.`);
      say(`# ${recorded}: what a chart renders to is not known`);
    },
  },
};

const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function release({ operands: [name = ""] }: Options): string {
  if (name.length <= 53 && namePattern.test(name)) return name;
  throw new ToolFailure(
    `release name ${JSON.stringify(name)} is invalid: lower-case letters, digits and hyphens, 53 at most`,
  );
}

function upgrade(context: ToolContext, options: Options): void {
  const name = release(options);
  const path = options.operands[1];
  if (path === undefined) throw new ToolFailure('"helm upgrade" requires 2 arguments: [RELEASE] [CHART]');
  if (/^(oci|https?):/.test(path)) throw new ToolFailure(`recorded: the chart ${path} is not fetched here.`);
  const chart = readChart(context.cwd, path);
  for (const file of [...options.values("f"), ...options.values("values")]) checkValues(context.cwd, file);
  const namespace = options.value("n") ?? options.value("namespace") ?? "default";
  context.say(`Release "${name}" has been upgraded. Happy Helming! (${recorded})`);
  context.say(`NAME: ${name}\nNAMESPACE: ${namespace}\nCHART: ${chart.name}-${chart.version}`);
}

await runTool("helm", async (context) => {
  const [word = "", ...rest] = context.words;
  const command = commands[word];
  if (command === undefined) throw new ToolFailure(`unknown command "${word}" for "helm" (recorded)`);
  if (word !== "version") requireCluster(context);
  command.run(context, readOptions(rest, command));
});
