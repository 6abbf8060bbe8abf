/**
 * Creates, updates and deletes one resource through its resource type, after validation against the schema.
 */
import { createHash } from "node:crypto";
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { physicalName } from "#cloud/cloudformation/physical-name.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { isCustomResource } from "#cloud/resource-types/check-types.ts";
import { coerceProperties } from "#cloud/resource-types/coerce.ts";
import { resourceTypes } from "#cloud/resource-types/index.ts";
import { spec } from "#cloud/resource-types/known-spec.ts";
import { recordedType } from "#cloud/resource-types/recorded.ts";
import { ResourceFailure } from "#cloud/resource-types/resource-failure.ts";
import type { Provisioned, ResourceContext, ResourceType, Tag } from "#cloud/resource-types/resource-type.ts";
import { propertyProblems } from "#cloud/resource-types/validate-properties.ts";
import { resolveReferences } from "./dynamic-values.ts";
import { handlerCode } from "./failure.ts";
import { requireNewIdentity } from "./identity.ts";
import { completeParameters, plannedFor } from "./nested-change-sets.ts";
import { changeStack } from "./record.ts";
import type { Location } from "./state.ts";
import { stackRow, type Worker } from "./worker.ts";

type Subject = {
  readonly logicalId: string;
  readonly type: string;
  readonly random: string;
  readonly resumed?: boolean;
};

const behaviours = new Map(resourceTypes.map((one) => [one.type, one]));

export function behaviourOf(type: string): ResourceType {
  const custom = isCustomResource(type) ? behaviours.get("AWS::CloudFormation::CustomResource") : undefined;
  return custom ?? behaviours.get(type) ?? recordedType(type);
}

export const isRecorded = (type: string): boolean => !behaviours.has(type) && !isCustomResource(type);

function checkProperties(subject: Subject, properties: JsonObject): void {
  const known = isCustomResource(subject.type) ? undefined : spec.get(subject.type);
  if (!known) return;
  const problems = propertyProblems(properties, known);
  if (problems.length > 0) {
    throw new ResourceFailure(
      `Properties validation failed for resource ${subject.logicalId} with message:\n[${problems.join(", ")}]`,
    );
  }
}

/** Returns the stack's tags and CloudFormation's three own (CloudFormation User Guide, "Resource tag"). */
const tagsFor = (worker: Worker, logicalId: string, tags: readonly Tag[]): readonly Tag[] => [
  ...tags,
  { Key: "aws:cloudformation:stack-name", Value: stackRow(worker).name },
  { Key: "aws:cloudformation:logical-id", Value: logicalId },
  { Key: "aws:cloudformation:stack-id", Value: worker.stackId },
];

function contextOf(worker: Worker, subject: Subject): ResourceContext {
  const { location } = worker;
  const stack = stackRow(worker);
  const definition = worker.operation.phase?.startsWith("rollback")
    ? stack.definition
    : (worker.operation.definition ?? stack.definition);
  const seed = Buffer.from(subject.random, "hex");
  return {
    cloud: location.cloud,
    clock: location.clock,
    account: location.account,
    region: location.region,
    stackId: worker.stackId,
    stackName: stack.name,
    logicalId: subject.logicalId,
    type: subject.type,
    tags: tagsFor(worker, subject.logicalId, definition.tags),
    name: (rule) => physicalName(stack.name, subject.logicalId, seed, rule),
    token: createHash("sha256")
      .update(`${worker.stackId} ${subject.logicalId} ${subject.random}`)
      .digest("hex")
      .slice(0, 32),
    resumed: subject.resumed ?? false,
    call: (service, operation, input, region = location.region) =>
      location.cloud.invoke({
        service,
        operation,
        input,
        principal: worker.principal,
        account: location.account,
        region,
      }),
    requireAccess: (requests) => location.cloud.requireAccess(worker.principal, requests, location),
    stacks: {
      adopt: (child) => {
        changeStack(location, child, { parentId: worker.stackId, rootId: stack.rootId ?? worker.stackId });
      },
      planned: (parameters) => {
        const { phase, kind } = worker.operation;
        if (phase !== undefined || (kind !== "create" && kind !== "update")) return undefined;
        const changeSetId = kind === "create" ? stack.changeSetId : worker.operation.changeSetId;
        const found = plannedFor(location.state, changeSetId, subject.logicalId);
        if (found) completeParameters(location, found, parameters);
        return found;
      },
      capabilities: definition.capabilities,
      notificationArns: definition.notificationArns,
      disableRollback: stack.onFailure === "DO_NOTHING",
    },
  };
}

async function prepareProperties(
  worker: Worker,
  subject: Subject,
  properties: JsonObject,
): Promise<JsonObject> {
  const resolved = await resolveReferences(properties, worker);
  const known = isCustomResource(subject.type) ? undefined : spec.get(subject.type);
  return known ? coerceProperties(resolved, known) : resolved;
}

export async function createResource(
  worker: Worker,
  subject: Subject,
  properties: JsonObject,
): Promise<Provisioned> {
  checkProperties(subject, properties);
  const { location } = worker;
  const given = await prepareProperties(worker, subject, properties);
  const identified = { type: subject.type, properties, recorded: isRecorded(subject.type) };
  requireNewIdentity(location, identified);
  const made = await retryThrottled(location, (again) =>
    behaviourOf(subject.type).create(
      given,
      contextOf(worker, again ? { ...subject, resumed: true } : subject),
    ),
  );
  requireNewIdentity(location, { ...identified, physicalId: made.physicalId });
  return made;
}

const attempts = 5;

/**
 * Repeats a handler that a service throttled. CloudFormation does so with a growing wait (CloudFormation CLI User Guide,
 * "Handler error codes": Throttling is retriable). `again`: the resource may exist in part.
 */
async function retryThrottled<Result>(
  { clock, cloud }: Location,
  handle: (again: boolean) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await handle(attempt > 1);
    } catch (error) {
      const throttled = error instanceof AwsError && handlerCode(error) === "Throttling";
      if (!throttled || attempt === attempts || cloud.stopping()) throw error;
      await clock.sleep(cloud.pace.resource * 2 ** attempt);
    }
  }
}

export async function updateResource(
  worker: Worker,
  subject: Subject,
  physicalId: string,
  properties: JsonObject,
  previous: JsonObject,
): Promise<Provisioned> {
  checkProperties(subject, properties);
  const behaviour = behaviourOf(subject.type);
  const next = await prepareProperties(worker, subject, properties);
  if (!behaviour.update) return await behaviour.create(next, contextOf(worker, subject));
  // The old values serve only for comparison, so a deleted secret among them must not stop the update.
  const old = await prepareProperties(worker, subject, previous).catch(() => previous);
  const { update } = behaviour;
  return await retryThrottled(worker.location, () =>
    update(physicalId, next, old, contextOf(worker, subject)),
  );
}

export async function deleteResource(
  worker: Worker,
  subject: Subject,
  physicalId: string,
  properties: JsonObject,
): Promise<void> {
  const values = await prepareProperties(worker, subject, properties).catch(() => properties);
  await retryThrottled(worker.location, () =>
    behaviourOf(subject.type).delete(physicalId, values, contextOf(worker, subject)),
  );
}
