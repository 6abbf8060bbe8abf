/** Calls a target of a rule: as the target's role, or as EventBridge itself on behalf of the rule. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type Principal, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { DeliveryDeps } from "./delivery-deps.ts";
import type { Delivery, Rule } from "./state.ts";

export class ThirdHop extends AwsError {
  override name = "ThirdHop";
}

type TargetCall = { readonly operation: string; readonly input: object };

export async function callTarget(
  rule: Rule,
  delivery: Delivery,
  body: string,
  deps: DeliveryDeps,
): Promise<void> {
  const { target, event, hops } = delivery;
  const [, , service = "", region = "", account = "", ...rest] = (target.Arn ?? "").split(":");
  const resource = rest.join(":");
  const { cloud } = deps;
  const bus = service === "events" && resource.startsWith("event-bus/");
  if (bus && hops > 0)
    throw new ThirdHop(
      "ThirdAccountHop",
      `A bus forwarded the event to ${rule.bus}; EventBridge does not forward it a second time, to ${target.Arn}.`,
    );
  const self = servicePrincipal("events.amazonaws.com", { sourceArn: rule.arn, sourceAccount: rule.account });
  const roleArn =
    target.RoleArn ?? (service === "codepipeline" || service === "codebuild" ? rule.roleArn : undefined);
  const principal: Principal =
    roleArn === undefined
      ? self
      : (
          await cloud.assumeRole({
            roleArn,
            sessionName: `events-${event.id.slice(0, 8)}`,
            principal: self,
            region: rule.region,
          })
        ).session;
  const call = async (operation: string, input: object): Promise<void> => {
    await cloud.invoke({ service, operation, input, principal, account: account || rule.account, region });
  };
  if (service === "logs") return writeLog(resource, rule, body, call, deps);
  const { operation, input } = bus
    ? { operation: "PutEvents", input: forward(target.Arn, event, hops) }
    : targetCall(service, resource, delivery, body);
  await call(operation, input);
}

const forward = (arn: string | undefined, event: Delivery["event"], hops: number): object => ({
  Entries: [
    {
      EventBusName: arn,
      Source: event.source,
      DetailType: event["detail-type"],
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
    },
  ],
  $forwarded: { event, hops: hops + 1 },
});

function targetCall(
  service: string,
  resource: string,
  { target, event }: Delivery,
  body: string,
): TargetCall {
  switch (service) {
    case "sqs": {
      const group = target.SqsParameters?.MessageGroupId;
      const account = (target.Arn ?? "").split(":")[4];
      return {
        operation: "SendMessage",
        input: {
          QueueUrl: `/${account}/${resource}`,
          MessageBody: body,
          ...(group !== undefined && { MessageGroupId: group }),
        },
      };
    }
    case "lambda":
      return {
        operation: "Invoke",
        input: { FunctionName: target.Arn, InvocationType: "Event", Payload: Buffer.from(body) },
      };
    case "sns":
      return { operation: "Publish", input: { TopicArn: target.Arn, Message: body } };
    case "codepipeline":
      return {
        operation: "StartPipelineExecution",
        input: {
          name: resource,
          clientRequestToken: event.id,
          ...overrides(target.Input ?? target.InputTransformer, body),
        },
      };
    case "codebuild":
      return {
        operation: "StartBuild",
        input: { ...object(body, target), projectName: resource.replace("project/", "") },
      };
    default:
      throw new AwsError(
        "UnsupportedTarget",
        `The embedded cloud cannot call the target ${target.Arn}; add it to packages/local-cloud/src/services/events/call-target.ts.`,
      );
  }
}

/**
 * Reads a pipeline's variables and source revisions from a constant or transformed input, never from the
 * event itself.
 */
function overrides(given: unknown, body: string): object {
  if (given === undefined) return {};
  const { variables, sourceRevisions } = parse(body);
  return {
    ...(variables !== undefined && { variables }),
    ...(sourceRevisions !== undefined && { sourceRevisions }),
  };
}

const object = (body: string, target: Delivery["target"]): object =>
  target.Input === undefined && target.InputTransformer === undefined ? {} : parse(body);

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function writeLog(
  resource: string,
  rule: Rule,
  body: string,
  call: (operation: string, input: object) => Promise<void>,
  { clock }: DeliveryDeps,
): Promise<void> {
  const logGroupName = resource.replace(/^log-group:/, "").replace(/:\*$/, "");
  const logStreamName = `${rule.name}-${clock.now().toISOString().slice(0, 10)}`;
  try {
    await call("CreateLogStream", { logGroupName, logStreamName });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
  await call("PutLogEvents", {
    logGroupName,
    logStreamName,
    logEvents: [{ timestamp: clock.now().getTime(), message: body }],
  });
}
