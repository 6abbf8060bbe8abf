/**
 * Finds a bus by name or ARN, and builds the access requests for buses and rules. The default bus always
 * exists.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { type Bus, type EventsState, type Rule, ruleKey } from "./state.ts";

type BusLocation = { readonly account: string; readonly region: string; readonly name: string };

export function busLocation(
  text: string | undefined,
  call: Pick<Call<EventsState>, "account" | "region">,
): BusLocation {
  const match = /^arn:aws[\w-]*:events:([\w-]+):(\d{12}):event-bus\/(.+)$/.exec(text ?? "");
  return match === null
    ? { account: call.account, region: call.region, name: text ?? "default" }
    : { region: match[1] ?? "", account: match[2] ?? "", name: match[3] ?? "" };
}

export const busArn = ({ region, account, name }: BusLocation): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

export const ruleArn = (location: BusLocation, rule: string): string =>
  `arn:aws:events:${location.region}:${location.account}:rule/${location.name === "default" ? "" : `${location.name}/`}${rule}`;

export const getBus = (state: EventsState, name: string): Bus | undefined =>
  state.buses.get(name) ??
  (name === "default"
    ? { name, description: undefined, policy: undefined, tags: {}, createdAt: 0, modifiedAt: 0 }
    : undefined);

export const noBus = (name: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);

export function findBus(text: string | undefined, call: Call<EventsState>) {
  const location = busLocation(text, call);
  const state = call.stateOf(location.account, location.region);
  const bus = getBus(state, location.name);
  if (bus === undefined) throw noBus(location.name);
  return { location, state, bus };
}

export function findRule(busText: string | undefined, name: string | undefined, call: Call<EventsState>) {
  const found = findBus(busText, call);
  const rule = found.state.rules.get(ruleKey(found.bus.name, name ?? ""));
  if (rule === undefined) throw noRule(name, found.bus.name);
  return { ...found, rule };
}

export const noRule = (name: string | undefined, bus: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus}.`);

export function busAccess(
  action: string,
  text: string | undefined,
  call: Call<EventsState>,
  context: AccessRequest["context"] = {},
): AccessRequest {
  const location = busLocation(text, call);
  const policy = call.stateOf(location.account, location.region).buses.get(location.name)?.policy;
  return {
    action: `events:${action}`,
    resource: busArn(location),
    resourceAccount: location.account,
    resourcePolicy: policy && JSON.stringify(policy),
    context,
  };
}

export function ruleAccess(
  action: string,
  bus: string | undefined,
  name: string | undefined,
  call: Call<EventsState>,
  context: AccessRequest["context"] = {},
): AccessRequest {
  const location = busLocation(bus, call);
  const state = call.stateOf(location.account, location.region);
  const policy = state.buses.get(location.name)?.policy;
  const rule: Rule | undefined = state.rules.get(ruleKey(location.name, name ?? ""));
  return {
    action: `events:${action}`,
    resource: ruleArn(location, name ?? ""),
    resourceAccount: location.account,
    resourcePolicy: policy && JSON.stringify(policy),
    context,
    ...(rule && { tags: rule.tags }),
  };
}
