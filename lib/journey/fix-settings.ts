/**
 * Fixes the versions of the parameters that CloudFormation would read from the parameter store. Prepare fixes them
 * before the review, and Execute compares them: a parameter that is deleted and made again has its old versions with
 * other values.
 */

import type { StoredParameter, TargetSettings } from "#ports/target-settings.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { listOf, object, readShape, text } from "#release/document/shape.ts";
import {
  hasVersion,
  storeParametersOf,
  storeReferencesIn,
  withKnownNames,
  withoutVersion,
  withPlainParameters,
  withVersions,
} from "#release/document/store-references.ts";
import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { compareTexts } from "#release/names/compare-texts.ts";
import { memberName } from "#release/names/stack-names.ts";
import { broken, digestOf } from "#release/review/clearance.ts";
import { scopeOf, sectionOf } from "#release/rules/reading/scope.ts";
import { type StoreUse, storeParametersMade, storeUses } from "#release/rules/reading/store-uses.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { type Configuration, configurationsOf } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import { documents } from "./documents.ts";
import type { WorkerJob } from "./job.ts";
import { valuesInSteps } from "./judge-prepared.ts";
import { readSettings } from "./settings.ts";
import { type Documents, documentIn } from "./small-zip.ts";

type Values = Readonly<Record<string, string>>;
type Stored = Readonly<Record<string, StoredParameter>>;

/** `name` has a version; `digest` is that of value and time of change. */
type FixedSetting = { readonly name: string; readonly digest: string };

type Fixed = { readonly configuration: Configuration; readonly settings: readonly FixedSetting[] };

type FixRequest = {
  readonly target: Target;
  /** The name of the first stack. */
  readonly stack: string;
  readonly stacks: readonly AssembledStack[];
  readonly configuration: Configuration;
};

/** A stack with its template for the environment. */
type Named = {
  readonly id: string;
  readonly document: TemplateDocument;
  /** The names that stacks of lower levels make. They have no value before the approval. */
  readonly made: ReadonlySet<string>;
  /** Template parameters of a type of the parameter store whose values are read now. */
  readonly fromStore: readonly NamedValue[];
};

/**
 * Throws `SettingMissing` for a name that the parameter store does not have, and `SettingUnfixed` for a reference that
 * has no known version afterwards.
 */
export async function fixSettings(store: TargetSettings, request: FixRequest): Promise<Fixed> {
  const { target, configuration } = request;
  const stacks = namedStacks(request);
  const uses = stacks.flatMap((stack) => {
    const found = usesOf(stack, configuration, request);
    return found.flatMap(({ name }) => (name === undefined || isMade(name, stack) ? [] : [name]));
  });
  const texts = [...stacks.map(({ document }) => document), ...Object.values(configuration.values)];
  const written = new Set(storeReferencesIn(texts).map(({ name }) => name));
  const names = new Set([
    ...uses.filter((name) => written.has(name)),
    ...stacks.flatMap(({ fromStore }) => fromStore.map(({ name }) => name)),
  ]);
  const stored = names.size === 0 ? {} : await readSettings(store, target, [...names]);
  const fixed = names.size === 0 ? configuration : withStored(stacks, configuration, stored);
  const settings = settingsOf(stored, names);
  const known = new Set(settings.map(({ name }) => name));
  const loose = stacks.flatMap(({ document, ...stack }) =>
    usesOf({ ...stack, document: fixed.documents?.[stack.id] ?? document }, fixed, request)
      .filter(({ name }) => name === undefined || !(known.has(name) || isMade(name, stack)))
      .map(({ at, name }) => (name === undefined ? at : `${at} (${name})`)),
  );
  if (loose.length === 0) return { configuration: fixed, settings };
  const properties = [...new Set(loose)].join(", ");
  throw new ReleaseError(
    "SettingUnfixed",
    `In ${target.environment} these properties refer to the parameter store, and no version can be fixed: ${properties}.`,
  );
}

function namedStacks(request: FixRequest): readonly Named[] {
  const { stacks, configuration } = request;
  const named = stacks.map(({ id, level, document }) => {
    const own = configuration.documents?.[id] ?? document;
    return { id, level, document: withKnownNames(own, knownNames(request, id, own)) };
  });
  const makers = named.map(({ id, level, document }) => ({
    level,
    names: scopesOf(id, document, configuration, request).flatMap(storeParametersMade),
  }));
  return named.map(({ id, level, document }) => {
    const made = new Set(makers.flatMap((maker) => (maker.level < level ? maker.names : [])));
    const values = namedValues(id, document, request);
    const now = new Set(values.filter(({ name }) => !made.has(name)).map(({ parameter }) => parameter));
    return { id, document, made, fromStore: values.filter(({ parameter }) => now.has(parameter)) };
  });
}

/** The artifact knows a name with a version already, so Execute compares it. */
const isMade = (name: string, { made }: Pick<Named, "made">): boolean => !hasVersion(name) && made.has(name);

const usesOf = (
  { id, document }: Pick<Named, "id" | "document">,
  configuration: Configuration,
  request: FixRequest,
): readonly StoreUse[] => scopesOf(id, document, configuration, request).flatMap(storeUses);

/** A stack may be updated in several steps, each with its own values. */
const scopesOf = (
  id: string,
  document: TemplateDocument,
  configuration: Configuration,
  { stacks, target: { account, region } }: FixRequest,
) =>
  valuesInSteps(id, stacks, configuration).map((values) =>
    scopeOf({ document, account, region, values, pending: {} }),
  );

/** Writes the versions into templates and values. */
function withStored(stacks: readonly Named[], configuration: Configuration, stored: Stored): Configuration {
  const versionOf = (name: string) => stored[name]?.version;
  const values: Record<string, Values> = {};
  for (const [name, own] of Object.entries(configuration.values)) values[name] = withVersions(own, versionOf);
  for (const { configurationName, parameter, name } of stacks.flatMap(({ fromStore }) => fromStore))
    values[configurationName] = { ...values[configurationName], [parameter]: plainValue(stored, name) };
  const fixed = stacks.map(({ id, document, made, fromStore }): [string, TemplateDocument] => [
    id,
    withPlainParameters(
      withVersions(document, (name) => (made.has(name) ? undefined : versionOf(name))),
      new Set(fromStore.map(({ parameter }) => parameter)),
    ),
  ]);
  return {
    ...configuration,
    values,
    documents: { ...configuration.documents, ...Object.fromEntries(fixed) },
  };
}

/** By the name that has the version, so a name is listed once. */
function settingsOf(stored: Stored, names: ReadonlySet<string>): readonly FixedSetting[] {
  const found = new Map<string, string>();
  for (const name of names) {
    const parameter = stored[name];
    if (parameter !== undefined)
      found.set(`${withoutVersion(name)}:${parameter.version}`, digestOf(parameter));
  }
  return [...found].sort(([a], [b]) => compareTexts(a, b)).map(([name, digest]) => ({ name, digest }));
}

type NamedValue = { readonly configurationName: string; readonly parameter: string; readonly name: string };

/** The template parameters of a stack whose values are names in the parameter store, by configuration. */
function namedValues(id: string, document: TemplateDocument, request: FixRequest): readonly NamedValue[] {
  const { stacks, configuration, target } = request;
  const declared = sectionOf(document, "Parameters");
  const names = new Set([id, ...configurationsOf(id, stacks, configuration.values)]);
  return [...storeParametersOf(document).keys()].flatMap((parameter) =>
    [...names].flatMap((configurationName): readonly NamedValue[] => {
      const { Default } = declared[parameter] as { readonly Default?: unknown };
      const given = configuration.values[configurationName]?.[parameter];
      const name = given ?? (configurationName === id ? Default : undefined);
      if (name === undefined) return [];
      checkOwn(String(name), parameter, target);
      return [{ configurationName, parameter, name: String(name) }];
    }),
  );
}

/** IAM would deny the whole request for the sake of one name of another account. Names of AWS have no account. */
function checkOwn(name: string, parameter: string, { account, region }: Target): void {
  const [arn, , , itsRegion, itsAccount] = name.split(":");
  if (arn !== "arn" || (itsRegion === region && (itsAccount === account || itsAccount === ""))) return;
  throw new ReleaseError(
    "SettingForeign",
    `The template parameter ${parameter} names ${name}; expected a parameter of account ${account} in ${region}.`,
  );
}

/** A secure parameter has no value here, and CloudFormation refuses it for these types as well. */
function plainValue(stored: Stored, name: string): string {
  const parameter = stored[name];
  if (parameter !== undefined && !parameter.secure) return parameter.value;
  throw new ReleaseError(
    "SettingSecure",
    `${name} is a SecureString, and a template parameter of the type AWS::SSM::Parameter::Value cannot hold one.`,
  );
}

/** The variables of `Fn::Sub` whose texts are known before the stack exists. */
function knownNames(
  { target, stack, configuration }: FixRequest,
  id: string,
  document: TemplateDocument,
): Values {
  const declared = sectionOf(document, "Parameters");
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
export function fixedSettingsIn(prepared: Documents): readonly FixedSetting[] {
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
  const approved = fixedSettingsIn(prepared);
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
