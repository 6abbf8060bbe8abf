/**
 * Pins the values that CloudFormation would read from the parameter store. Prepare pins them before the review, and
 * Execute compares them: a parameter that is deleted and made again has its old versions with other values.
 */
import type { StoredParameter, TargetSettings } from "#ports/target-settings.ts";
import { valueTree } from "#release/document/node-tree.ts";
import {
  checkStoreName,
  storeParametersOf,
  storeReferencesIn,
  withKnownNames,
  withPlainParameters,
  withVersions,
} from "#release/document/pinned-settings.ts";
import { listOf, object, readShape, text } from "#release/document/shape.ts";
import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { memberName } from "#release/names/stack-names.ts";
import { broken, digestOf } from "#release/review/clearance.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { type Configuration, configurationsOf } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import { documents } from "./documents.ts";
import type { WorkerJob } from "./job.ts";
import { readSettings } from "./settings.ts";
import { type Documents, documentIn } from "./small-zip.ts";

type Values = Readonly<Record<string, string>>;

/** `name` has a version; `digest` is that of value and time of change. */
type PinnedSetting = { readonly name: string; readonly digest: string };

type Pinned = { readonly configuration: Configuration; readonly settings: readonly PinnedSetting[] };

type PinRequest = {
  readonly target: Target;
  /** The name of the first stack. */
  readonly stack: string;
  readonly stacks: readonly AssembledStack[];
  readonly configuration: Configuration;
};

/** Throws `SettingMissing` for a name that the parameter store does not have. */
export async function pinSettings(store: TargetSettings, request: PinRequest): Promise<Pinned> {
  const { target, stacks, configuration } = request;
  const named = stacks.map(({ id, document }) => {
    const own = configuration.documents?.[id] ?? document;
    return { id, document: withKnownNames(own, knownNames(request, id, own)) };
  });
  const fromStore = named.flatMap(({ id, document }) => namedValues(id, document, request));
  const references = storeReferencesIn([
    ...named.map(({ document }) => document),
    ...Object.values(configuration.values),
  ]);
  const names = [...references, ...fromStore].map(({ name }) => name);
  if (names.length === 0) return { configuration, settings: [] };
  const stored = await readSettings(store, target, [...new Set(names)]);
  const at = (name: string): StoredParameter => stored[name] as StoredParameter;
  const values: Record<string, Values> = {};
  for (const [name, own] of Object.entries(configuration.values))
    values[name] = withVersions(own, (each) => at(each).version);
  for (const { configurationName, parameter, name } of fromStore)
    values[configurationName] = { ...values[configurationName], [parameter]: plainValue(at(name), name) };
  const pinned = named.map(({ id, document }): [string, TemplateDocument] => [
    id,
    withPlainParameters(withVersions(document, (name) => at(name).version)),
  ]);
  return {
    configuration: {
      ...configuration,
      values,
      documents: { ...configuration.documents, ...Object.fromEntries(pinned) },
    },
    settings: settingsOf(
      [...references, ...fromStore].map(({ name }) => name),
      stored,
    ),
  };
}

function settingsOf(
  names: readonly string[],
  stored: Readonly<Record<string, StoredParameter>>,
): readonly PinnedSetting[] {
  const found = new Map(
    names.flatMap((name): [string, string][] => {
      const parameter = stored[name];
      if (parameter === undefined) return [];
      const plain = name.replace(/:\d+$/, "");
      return [[`${plain}:${parameter.version}`, digestOf(parameter)]];
    }),
  );
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, digest]) => ({ name, digest }));
}

type NamedValue = { readonly configurationName: string; readonly parameter: string; readonly name: string };

/** The template parameters of a stack whose values are names in the parameter store, by configuration. */
function namedValues(id: string, document: TemplateDocument, request: PinRequest): readonly NamedValue[] {
  const { stacks, configuration } = request;
  const declared = isObject(document["Parameters"]) ? document["Parameters"] : {};
  const found: NamedValue[] = [];
  for (const parameter of storeParametersOf(document).keys()) {
    const { Default } = declared[parameter] as { Default?: string };
    for (const configurationName of new Set([id, ...configurationsOf(id, stacks, configuration.values)])) {
      const given = configuration.values[configurationName]?.[parameter];
      const name = given ?? (configurationName === id ? Default : undefined);
      if (name === undefined) continue;
      checkStoreName(document, parameter, name);
      found.push({ configurationName, parameter, name });
    }
  }
  return found;
}

/** A secure parameter has no value here, and CloudFormation refuses it for these types as well. */
function plainValue({ secure, value }: StoredParameter, name: string): string {
  if (!secure) return value;
  throw new ReleaseError(
    "ParametersMalformed",
    `${name} is a SecureString, and a template parameter of the type AWS::SSM::Parameter::Value cannot hold one.`,
  );
}

/** The variables of `Fn::Sub` whose texts are known before the stack exists. */
function knownNames(
  { target, stack, configuration }: PinRequest,
  id: string,
  document: TemplateDocument,
): Values {
  const declared = isObject(document["Parameters"]) ? document["Parameters"] : {};
  const fromStore = storeParametersOf(document);
  const parameters = Object.entries(declared).flatMap(([name, parameter]): [string, string][] => {
    const value =
      configuration.values[id]?.[name] ?? (isObject(parameter) ? parameter["Default"] : undefined);
    const isPlain = typeof value === "string" || typeof value === "number";
    return isPlain && !fromStore.has(name) ? [[name, String(value)]] : [];
  });
  return {
    ...Object.fromEntries(parameters),
    "AWS::AccountId": target.account,
    "AWS::Region": target.region,
    "AWS::StackName": memberName(stack, id),
  };
}

const settingsShape = listOf(object({ name: text(), digest: text() }));

/** None for a release that an earlier version of Kedge prepared. */
export function pinnedSettingsIn(prepared: Documents): readonly PinnedSetting[] {
  if (!prepared.has(documents.settings)) return [];
  const read = readShape(settingsShape, valueTree(JSON.parse(documentIn(prepared, documents.settings))));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${documents.settings} lists no settings.`);
}

/**
 * Throws `ClearanceBroken` when a setting is another one than at the approval. After the execution began, a missing
 * setting is not compared: the release itself may remove it.
 */
export async function compareSettings(
  store: Pick<TargetSettings, "read">,
  job: WorkerJob,
  prepared: Documents,
): Promise<void> {
  const approved = pinnedSettingsIn(prepared);
  if (approved.length === 0) return;
  const names = approved.map(({ name }) => name);
  const found = await store.read(job, names);
  const hasBegun = job.continuation !== undefined;
  const changed = approved.filter(({ name, digest }) => {
    const now = found[name];
    return now === undefined ? !hasBegun : digestOf(now) !== digest;
  });
  if (changed.length === 0) return;
  const list = changed.map(({ name }) => name).join(", ");
  throw broken(`In account ${job.account} the parameter store has no longer the approved ${list}.`);
}
