/**
 * Delivers an event to a target: retries while a retry may succeed, then sends it to the dead-letter queue.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { callTarget, ThirdHop } from "./call-target.ts";
import type { DeliveryDeps } from "./delivery-deps.ts";
import { renderInput } from "./render-input.ts";
import type { Delivery, Rule } from "./state.ts";

/**
 * EventBridge retries for 24 hours and up to 185 times (EventBridge User Guide, "How EventBridge retries
 * delivering events").
 */
const DEFAULT_AGE = 86_400;
const DEFAULT_RETRIES = 185;
const LONGEST_WAIT = 600_000;

/** The errors that no retry fixes: a missing permission or a missing target. */
const PERMISSION =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|KmsAccessDenied|KMSAccessDeniedException)$/;
const MISSING = /(NotFound|DoesNotExist|NonExistentQueue|NoSuchEntity)/;

/** Attempts a delivery when it is due. Also runs at boot, for the deliveries that a stop interrupted. */
export function resumeDelivery(id: string, deps: DeliveryDeps): void {
  const delivery = deps.state.deliveries.get(id);
  if (delivery === undefined) return;
  const run = (): void => deps.cloud.spawn(`events to ${delivery.target.Arn}`, () => attempt(id, deps));
  if (delivery.dueAt <= deps.clock.now().getTime()) run();
  else deps.clock.at(new Date(delivery.dueAt), run);
}

async function attempt(id: string, deps: DeliveryDeps): Promise<void> {
  const { state, clock } = deps;
  const delivery = state.deliveries.get(id);
  const rule = delivery && state.rules.get(delivery.rule);
  if (delivery === undefined || rule === undefined) return void state.deliveries.delete(id);
  try {
    await callTarget(rule, delivery, renderInput(delivery.target, rule, delivery.event, clock.now()), deps);
    state.deliveries.delete(id);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { MaximumEventAgeInSeconds: age = DEFAULT_AGE, MaximumRetryAttempts: retries = DEFAULT_RETRIES } =
      delivery.target.RetryPolicy ?? {};
    const wait = Math.min(1000 * 2 ** delivery.attempts, LONGEST_WAIT);
    const dueAt = clock.now().getTime() + wait;
    const final = finalCode(error);
    const exhausted =
      delivery.attempts >= retries
        ? "MaximumRetryAttempts"
        : dueAt - delivery.firstAt > age * 1000
          ? "MaximumEventAgeInSeconds"
          : undefined;
    if (final === undefined && exhausted === undefined) {
      state.deliveries.set(id, { ...delivery, attempts: delivery.attempts + 1, dueAt });
      return resumeDelivery(id, deps);
    }
    await deadLetter(
      delivery,
      rule,
      error,
      final ?? "SDK_CLIENT_ERROR",
      final === undefined ? exhausted : undefined,
      deps,
    );
    // Deleted last: a stop in between may duplicate the dead letter, as SQS allows, but never loses it.
    state.deliveries.delete(id);
  }
}

function finalCode(error: AwsError): string | undefined {
  if (error instanceof ThirdHop) return "THIRD_ACCOUNT_HOP_DETECTED";
  if (PERMISSION.test(error.code)) return "NO_PERMISSIONS";
  if (MISSING.test(error.code)) return "NO_RESOURCE";
  // Throttling and server errors may pass; another error of the same input will not.
  return /Thrott|TooManyRequests|Limit|Unavailable|Timeout|Internal/i.test(error.code) || error.status >= 500
    ? undefined
    : "SDK_CLIENT_ERROR";
}

async function deadLetter(
  delivery: Delivery,
  rule: Rule,
  error: AwsError,
  code: string,
  exhausted: string | undefined,
  { cloud }: DeliveryDeps,
): Promise<void> {
  const queue = delivery.target.DeadLetterConfig?.Arn;
  if (queue === undefined) {
    cloud.log(`events: ${rule.arn} could not reach ${delivery.target.Arn}: ${error.code}: ${error.message}`);
    return;
  }
  const [, , , region = "", account = "", name = ""] = queue.split(":");
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  try {
    await cloud.invoke({
      service: "sqs",
      operation: "SendMessage",
      input: {
        QueueUrl: `/${account}/${name}`,
        MessageBody: JSON.stringify(delivery.event),
        MessageAttributes: {
          RULE_ARN: text(rule.arn),
          TARGET_ARN: text(delivery.target.Arn ?? ""),
          ERROR_CODE: text(code),
          ERROR_MESSAGE: text(error.message === "" ? error.code : error.message),
          ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
          RETRY_ATTEMPTS: { DataType: "Number", StringValue: String(delivery.attempts) },
        },
      },
      principal: servicePrincipal("events.amazonaws.com", {
        sourceArn: rule.arn,
        sourceAccount: rule.account,
      }),
      account,
      region,
    });
  } catch (failure) {
    if (!(failure instanceof AwsError)) throw failure;
    cloud.log(
      `events: the dead-letter queue ${queue} of ${rule.arn} rejected the event: ${failure.code}: ${failure.message}`,
    );
  }
}
