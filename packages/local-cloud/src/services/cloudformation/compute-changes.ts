/**
 * Compares a stack with a new definition; returns the changes for a change set, and whether there are any.
 */
import type { Change, ResourceChangeDetail } from "@aws-sdk/client-cloudformation";
import { changedProperties, type PropertyChange, replacement } from "#cloud/cloudformation/diff.ts";
import { isObject, type Json, type JsonObject, member, sameJson } from "#cloud/cloudformation/json.ts";
import { referencesIn } from "#cloud/cloudformation/references.ts";
import type { Scope } from "#cloud/cloudformation/scope.ts";
import type { ResourceDeclaration } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { attributeOf } from "./attributes.ts";
import { shownProperties } from "./no-echo.ts";
import { type Prepared, prepareDefinition } from "./prepare.ts";
import { behaviourOf } from "./provision.ts";
import type { Accepted } from "./request.ts";
import type { Location, ResourceRow, StackRow } from "./state.ts";
import { unknownYet } from "./unknown-value.ts";
import { ruleFor, takesTags } from "./update-step.ts";
import { resolveProperties } from "./worker.ts";

type Changes = {
  /** A resource, an output, a tag or a notification topic changes. */
  readonly any: boolean;
  readonly changes: readonly Change[];
  /** The scope in which the properties of nested stacks are resolved. */
  readonly scope: Scope;
};

export function computeChanges(
  location: Location,
  stack: StackRow,
  accepted: Pick<Accepted, "definition" | "prepared">,
): Changes {
  const { prepared, definition } = accepted;
  const rows = liveRows(location, stack.stackId);
  rejectTypeChanges(rows, prepared);
  const retagged = !sameJson(stack.definition.tags, definition.tags);
  const renewed = new Set<string>();
  const found = new Map<string, Change>();
  for (const id of inOrderOf(prepared)) {
    const declaration = prepared.resources[id];
    if (!declaration) continue;
    const row = rows.get(id);
    if (!row) {
      renewed.add(id);
      found.set(id, added(id, declaration));
      continue;
    }
    const change = modified(location, row, declaration, prepared, rows, renewed, retagged);
    if (change) found.set(id, change);
    if (change?.ResourceChange?.Replacement === "True") renewed.add(id);
  }
  const removed = [...rows.values()]
    .filter((row) => prepared.resources[row.logicalId] === undefined)
    .map(removal);
  const changes = [...[...found.values()].sort(byId), ...removed.sort(byId)];
  return {
    any: changes.length > 0 || retagged || otherChange(location, stack, accepted),
    changes,
    scope: scopeBefore(location, prepared, rows, renewed),
  };
}

const liveRows = (location: Location, stackId: string): ReadonlyMap<string, ResourceRow> =>
  new Map(
    Object.values(location.state.resources.get(stackId) ?? {})
      .filter(
        (row) =>
          row.status !== "DELETE_COMPLETE" && row.status !== "DELETE_SKIPPED" && row.physicalId !== undefined,
      )
      .map((row) => [row.logicalId, row]),
  );

const byId = (one: Change, other: Change): number =>
  (one.ResourceChange?.LogicalResourceId ?? "") < (other.ResourceChange?.LogicalResourceId ?? "") ? -1 : 1;

function rejectTypeChanges(rows: ReadonlyMap<string, ResourceRow>, prepared: Prepared): void {
  const changed = [...rows.values()].filter((row) => {
    const next = prepared.resources[row.logicalId]?.Type;
    return next !== undefined && next !== row.type;
  });
  if (changed.length > 0) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map((row) => row.logicalId).join(", ")}]`,
    );
  }
}

/** Orders the resources so that each one follows its dependencies. */
function inOrderOf(prepared: Prepared): readonly string[] {
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    for (const needed of prepared.graph.get(id) ?? []) visit(needed);
    done.add(id);
  };
  for (const id of prepared.graph.keys()) visit(id);
  return [...done];
}

/**
 * A stack without changed resources is still updated when its notification topics or declared outputs change.
 */
function otherChange(
  location: Location,
  stack: StackRow,
  { definition, prepared }: Pick<Accepted, "definition" | "prepared">,
): boolean {
  if (!sameJson(stack.definition.notificationArns, definition.notificationArns)) return true;
  const template = location.state.templates.get(stack.definition.template);
  if (!template) return true;
  const before = prepareDefinition(stack.definition, template, location, stack);
  return !sameJson(before.template.Outputs ?? {}, prepared.template.Outputs ?? {});
}

const added = (id: string, declaration: ResourceDeclaration): Change => ({
  Type: "Resource",
  ResourceChange: {
    Action: "Add",
    LogicalResourceId: id,
    ResourceType: declaration.Type,
    Scope: [],
    Details: [],
  },
});

const removal = (row: ResourceRow): Change => ({
  Type: "Resource",
  ResourceChange: {
    PolicyAction: row.deletionPolicy.startsWith("Retain")
      ? "Retain"
      : row.deletionPolicy === "Snapshot"
        ? "Snapshot"
        : "Delete",
    Action: "Remove",
    LogicalResourceId: row.logicalId,
    ...(row.physicalId === undefined ? {} : { PhysicalResourceId: row.physicalId }),
    ResourceType: row.type,
    Scope: [],
    Details: [],
  },
});

/** The scope of a template before the update: the values of new and replaced resources are not known yet. */
const scopeBefore = (
  location: Location,
  prepared: Prepared,
  rows: ReadonlyMap<string, ResourceRow>,
  renewed: ReadonlySet<string>,
): Scope => ({
  ...prepared.scope,
  resource: (id) => {
    const other = rows.get(id);
    const type = prepared.resources[id]?.Type ?? other?.type;
    if (type === undefined) return undefined;
    if (!other || renewed.has(id)) return { type, ref: unknownYet, attribute: () => unknownYet };
    return { type, ref: other.physicalId ?? "", attribute: (name) => attributeOf(other, name, location) };
  },
  importValue: (name) => {
    const found = location.state.exports.get(name);
    if (!found) throw validationError(`No export named ${name} found.`);
    return found.value;
  },
});

function modified(
  location: Location,
  row: ResourceRow,
  declaration: ResourceDeclaration,
  prepared: Prepared,
  rows: ReadonlyMap<string, ResourceRow>,
  renewed: ReadonlySet<string>,
  retagged: boolean,
): Change | undefined {
  const scope = scopeBefore(location, prepared, rows, renewed);
  const properties = resolveProperties(declaration.Properties, scope);
  const shown = {
    before: row.shown ?? row.properties,
    after: shownProperties(declaration.Properties, scope, prepared.template) ?? properties,
  };
  const behaviour = behaviourOf(row.type);
  const changes = changedProperties(row.properties, properties, ruleFor(behaviour));
  const metadata = isObject(declaration.Metadata) ? JSON.stringify(declaration.Metadata) : undefined;
  const scopes: ("Properties" | "Metadata" | "Tags")[] = [];
  const own = changes.filter((change) => change.name !== "Tags");
  if (own.length > 0 || behaviour.alwaysUpdated) scopes.push("Properties");
  if (metadata !== row.metadata) scopes.push("Metadata");
  const tags = changes.length > own.length || (retagged && takesTags(row.type));
  if (tags) scopes.push("Tags");
  if (scopes.length === 0) return undefined;
  const verdict = behaviour.update === undefined && own.length > 0 ? "True" : replacement(changes);
  return {
    Type: "Resource",
    ResourceChange: {
      Action: "Modify",
      LogicalResourceId: row.logicalId,
      ...(row.physicalId === undefined ? {} : { PhysicalResourceId: row.physicalId }),
      ResourceType: row.type,
      Replacement: verdict,
      ...(verdict === "True"
        ? { PolicyAction: row.updateReplacePolicy === "Retain" ? "ReplaceAndRetain" : "ReplaceAndDelete" }
        : {}),
      Scope: scopes,
      Details: [
        ...changes.flatMap((change) => details(change, shown, declaration, prepared, renewed)),
        ...(metadata === row.metadata ? [] : [plainDetail("Metadata")]),
        ...(tags && changes.length === own.length ? [plainDetail("Tags")] : []),
        ...(behaviour.alwaysUpdated && own.length === 0 ? [automaticDetail] : []),
      ],
    },
  };
}

const plainDetail = (attribute: "Metadata" | "Tags"): ResourceChangeDetail => ({
  Target: { Attribute: attribute, RequiresRecreation: "Never" },
  Evaluation: "Static",
  ChangeSource: "DirectModification",
});

const automaticDetail: ResourceChangeDetail = {
  Target: { Attribute: "Properties", RequiresRecreation: "Never" },
  Evaluation: "Dynamic",
  ChangeSource: "Automatic",
};

const valueText = (value: Json | undefined): string | undefined =>
  value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);

/** Lists the causes of a property's change: a direct modification, a parameter, or another resource. */
function details(
  change: PropertyChange,
  shown: { readonly before: JsonObject; readonly after: JsonObject },
  declaration: ResourceDeclaration,
  prepared: Prepared,
  renewed: ReadonlySet<string>,
): readonly ResourceChangeDetail[] {
  const properties: JsonObject = declaration.Properties ?? {};
  const value = properties[change.name];
  const before = valueText(member(shown.before, change.name));
  const after = valueText(member(shown.after, change.name));
  const target: ResourceChangeDetail["Target"] = {
    Attribute: change.name === "Tags" ? "Tags" : "Properties",
    ...(change.name === "Tags" ? {} : { Name: change.name }),
    RequiresRecreation: change.recreation,
    Path: `/Properties/${change.name}`,
    ...(before === undefined ? {} : { BeforeValue: before }),
    ...(after === undefined ? {} : { AfterValue: after }),
    AttributeChangeType: before === undefined ? "Add" : after === undefined ? "Remove" : "Modify",
  };
  const references = value === undefined ? [] : referencesIn(value, prepared.conditions);
  const causes = references.flatMap((one): ResourceChangeDetail[] => {
    if (prepared.resources[one.name] === undefined) {
      return [
        { Target: target, Evaluation: "Static", ChangeSource: "ParameterReference", CausingEntity: one.name },
      ];
    }
    if (!renewed.has(one.name)) return [];
    return [
      {
        Target: target,
        Evaluation: "Dynamic",
        ChangeSource: one.attribute === undefined ? "ResourceReference" : "ResourceAttribute",
        CausingEntity: one.attribute === undefined ? one.name : `${one.name}.${one.attribute}`,
      },
    ];
  });
  if (causes.some((cause) => cause.ChangeSource === "ParameterReference")) {
    return [...causes, { Target: target, Evaluation: "Dynamic", ChangeSource: "DirectModification" }];
  }
  return causes.length > 0
    ? causes
    : [{ Target: target, Evaluation: "Static", ChangeSource: "DirectModification" }];
}
