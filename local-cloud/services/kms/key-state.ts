/** A key's life: enabled, disabled, about to be deleted, deleted. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import { customerKey, findKey, notPending, validation } from "./find-key.ts";
import { keyAccess } from "./key-access.ts";
import type { Key, KmsCall, KmsOperation, State } from "./state.ts";

const DAY = 86_400_000;

const access = (action: string) => (input: { readonly KeyId: string | undefined }, call: KmsCall) =>
  keyAccess(customerKey(input.KeyId, call, action), action, input, call);

const store = (key: Key, call: KmsCall): Key => call.stateOf(key.account, key.region).keys.set(key.id, key);

export const enableKey: KmsOperation<"EnableKey"> = {
  access: access("EnableKey"),
  run: (input, call) => {
    store({ ...notPending(findKey(input.KeyId, call)), state: "Enabled" }, call);
    return {};
  },
};

export const disableKey: KmsOperation<"DisableKey"> = {
  access: access("DisableKey"),
  run: (input, call) => {
    store({ ...notPending(findKey(input.KeyId, call)), state: "Disabled" }, call);
    return {};
  },
};

export const scheduleKeyDeletion: KmsOperation<"ScheduleKeyDeletion"> = {
  access: access("ScheduleKeyDeletion"),
  run: (input, call) => {
    const days = input.PendingWindowInDays ?? 30;
    if (!Number.isInteger(days) || days < 7 || days > 30)
      throw validation("PendingWindowInDays must be between 7 and 30 (inclusive).");
    const found = notPending(findKey(input.KeyId, call));
    const deletionDate = new Date(call.clock.now().getTime() + days * DAY);
    const key = store({ ...found, state: "PendingDeletion", deletionDate }, call);
    deleteWhenDue(key, call.stateOf(key.account, key.region), call.clock);
    return { KeyId: key.arn, DeletionDate: deletionDate, KeyState: key.state, PendingWindowInDays: days };
  },
};

export const cancelKeyDeletion: KmsOperation<"CancelKeyDeletion"> = {
  access: access("CancelKeyDeletion"),
  run: (input, call) => {
    const found = findKey(input.KeyId, call);
    if (found.state !== "PendingDeletion")
      throw new AwsError("KMSInvalidStateException", `${found.arn} is not pending deletion.`);
    const { deletionDate: _deletionDate, ...kept } = found;
    // A key that was saved comes back disabled; enabling it is a decision of its own.
    return { KeyId: store({ ...kept, state: "Disabled" }, call).arn };
  },
};

/** Also at boot, for keys whose time came or comes. */
export function deleteWhenDue({ id, deletionDate }: Key, state: State, clock: Clock): void {
  if (deletionDate === undefined) return;
  clock.at(deletionDate, () => {
    const key = state.keys.get(id);
    if (key?.state !== "PendingDeletion" || key.deletionDate?.getTime() !== deletionDate.getTime()) return;
    state.keys.delete(id);
    for (const alias of [...state.aliases.values()]) if (alias.keyId === id) state.aliases.delete(alias.name);
    for (const grant of [...state.grants.values()]) if (grant.keyId === id) state.grants.delete(grant.id);
  });
}
