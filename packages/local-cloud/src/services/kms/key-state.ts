/** These operations enable and disable keys, schedule their deletion and cancel it. */
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
    if (found.multiRegion !== undefined && found.multiRegion.replicas.length > 0) {
      // The waiting period starts after the deletion of the last replica.
      const waiting = store({ ...found, state: "PendingReplicaDeletion", pendingDays: days }, call);
      return { KeyId: waiting.arn, KeyState: waiting.state, PendingWindowInDays: days };
    }
    const deletionDate = new Date(call.clock.now().getTime() + days * DAY);
    const key = store({ ...found, state: "PendingDeletion", deletionDate }, call);
    deleteWhenDue(key, call.stateOf(key.account, key.region), call.clock, (region) =>
      call.stateOf(key.account, region),
    );
    return { KeyId: key.arn, DeletionDate: deletionDate, KeyState: key.state, PendingWindowInDays: days };
  },
};

export const cancelKeyDeletion: KmsOperation<"CancelKeyDeletion"> = {
  access: access("CancelKeyDeletion"),
  run: (input, call) => {
    const found = findKey(input.KeyId, call);
    if (found.state !== "PendingDeletion" && found.state !== "PendingReplicaDeletion")
      throw new AwsError("KMSInvalidStateException", `${found.arn} is not pending deletion.`);
    const { deletionDate: _deletionDate, pendingDays: _pendingDays, ...kept } = found;
    // The key is disabled after its deletion was cancelled; the owner enables it with EnableKey. (KMS API
    // Reference, CancelKeyDeletion)
    return { KeyId: store({ ...kept, state: "Disabled" }, call).arn };
  },
};

/**
 * Deletes the key on its deletion date. The service also calls it at start, for keys that were scheduled
 * before.
 */
export function deleteWhenDue(
  { id, deletionDate }: Key,
  state: State,
  clock: Clock,
  stateIn: (region: string) => State,
): void {
  if (deletionDate === undefined) return;
  clock.at(deletionDate, () => {
    const key = state.keys.get(id);
    if (key?.state !== "PendingDeletion" || key.deletionDate?.getTime() !== deletionDate.getTime()) return;
    state.keys.delete(id);
    removeFromPrimary(key, clock, stateIn);
    for (const alias of [...state.aliases.values()]) if (alias.keyId === id) state.aliases.delete(alias.name);
    for (const grant of [...state.grants.values()]) if (grant.keyId === id) state.grants.delete(grant.id);
  });
}

/**
 * Removes the replica from its primary. If the primary's deletion waits for this last replica, its waiting
 * period starts.
 */
function removeFromPrimary(
  { id, region, multiRegion }: Key,
  clock: Clock,
  stateIn: (region: string) => State,
): void {
  if (multiRegion === undefined || multiRegion.primary === region) return;
  const state = stateIn(multiRegion.primary);
  const primary = state.keys.get(id);
  if (primary?.multiRegion === undefined) return;
  const replicas = primary.multiRegion.replicas.filter((each) => each !== region);
  const left: Key = { ...primary, multiRegion: { ...primary.multiRegion, replicas } };
  const { pendingDays, ...others } = left;
  if (pendingDays === undefined || replicas.length > 0) {
    state.keys.set(id, left);
    return;
  }
  const deletionDate = new Date(clock.now().getTime() + pendingDays * DAY);
  deleteWhenDue(
    state.keys.set(id, { ...others, state: "PendingDeletion", deletionDate }),
    state,
    clock,
    stateIn,
  );
}
