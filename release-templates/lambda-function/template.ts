/** Release template `lambda-function`: the code of one function, new or existing, behind an alias. */

import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { outputsNamespace } from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Unordered } from "#release/plan/plan-steps.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { type Strategy, traitsFor } from "#release/traits/traits.ts";
import { allowedFunction, isReference } from "./allowed-function.ts";
import { existingStack } from "./existing-stack.ts";
import { functionStack } from "./function-stack.ts";
import { aliasOf, readSettings, type Settings, settingsShape } from "./settings.ts";
import { runOf, signIn, signs } from "./signs.ts";
import { strategyOf } from "./strategy.ts";

const files = signs.map(({ file }) => file.replaceAll(".", "\\.")).join("|");
/** The file is at the top or in a folder at the top; the settings decide which one counts. */
const anywhere = new RegExp(`^([^/]+/)?(${files})$`);

export const lambdaFunction: ReleaseTemplate = {
  name: "lambda-function",
  version: "1.1.0",
  summary:
    "A function's code: a new version, and an alias that moves to it at once, as a canary or in steps.",
  rollback: {
    within: "seconds",
    by: "the alias, which goes back to the version before; every version is kept",
  },
  settings: settingsShape,
  entries: [
    {
      // Many artifacts contain such a file. At the top it identifies a function, unless another file
      // identifies the artifact.
      matches: new RegExp(`^(${files})$`),
      rank: 6,
      means: "the code of a Lambda function at the top",
      presence: true,
    },
  ],
  detect: ({ names, path }) => {
    const page = names.find((name) => /^(index|200|404)\.html$/.test(name));
    if (page !== undefined) return { fits: false, reason: `${page} is next to ${path}, as in a website.` };
    const sign = signIn(names, "");
    return {
      fits: true,
      reason: `${sign?.file ?? path} is ${sign?.means ?? "code"} at the top of the artifact.`,
    };
  },
  describe: ({ names }) => ({ facts: { signs: names.filter((name) => anywhere.test(name)) } }),
  plan,
  assemble,
  configure,
};

function plan(request: PlanRequest): Plan {
  return pipelinePlan(request, (target) => ({
    steps: applicationStacks(request, target, { after: [shift(request, target)] }),
  }));
}

/** The version is made by the stack; where callers are sent is the alias's own business. */
function shift({ manifest }: PlanRequest, target: Target): Unordered {
  const { settings: given, strategy = atOnce } = traitsFor(manifest.traits, target);
  const settings = readSettings(given);
  const { function: existing } = settings;
  if (existing !== undefined && !isReference(existing)) allowedFunction(existing, target);
  const outputs = outputsNamespace(target.environment);
  const own = settings.function === undefined && watched(strategy) ? [`#{${outputs}.ErrorsAlarm}`] : [];
  const alarms = [...own, ...(strategy.alarms ?? [])];
  return {
    type: "lambda-deploy",
    name: "Shift",
    target,
    functionName: `#{${outputs}.FunctionName}`,
    alias: aliasOf(settings),
    version: `#{${outputs}.Version}`,
    strategy: strategyOf({ ...strategy, alarms }),
    alarms,
  };
}

const atOnce: Strategy = { type: "all-at-once" };

/** Traffic that moves in steps is watched: by the team's alarms, and by one on errors. */
const watched = ({ type }: Strategy): boolean => type !== "all-at-once";

/** The manifest holds the code only. All other values depend on the environment, so `configure` adds them. */
async function assemble({ manifest }: AssemblyRequest): Promise<Assembly> {
  const { code = "." } = readSettings(manifest.traits.settings);
  const document = { Resources: { Function: { Type: "AWS::Lambda::Function", Properties: { Code: code } } } };
  return { stacks: [{ id: "", level: 0, path: "function.template.json", document }] };
}

function configure({ release, target, settings: resolved, stacks }: ConfigurationRequest): Configuration {
  const { manifest } = release;
  const settings = readSettings(resolved);
  const code = codeIn(stacks[0]?.document ?? {});
  const { strategy = atOnce } = traitsFor(manifest.traits, target);
  const signsThere = manifest.facts["signs"] as readonly string[];
  const document =
    settings.function === undefined
      ? functionStack({
          settings,
          code,
          run: runOf(signsThere, folderOf(settings)),
          alarm: watched(strategy),
        })
      : existingStack(allowedFunction(settings.function, target), code);
  return { values: { "": {} }, documents: { "": document } };
}

const folderOf = ({ code = "" }: Settings): string => code.replace(/^(\.\/?)+|\/+$/g, "");

function codeIn(document: PlainObject): PlainValue {
  const { Function: made } = isObject(document["Resources"]) ? document["Resources"] : {};
  const properties = isObject(made) ? made["Properties"] : undefined;
  return isObject(properties) ? (properties["Code"] ?? null) : null;
}
