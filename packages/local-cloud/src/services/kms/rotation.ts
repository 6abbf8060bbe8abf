/**
 * Rotation gives a key new material, which encrypts from then on. The old material still decrypts its own
 * ciphertexts.
 */
import { randomBytes } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import { customerKey, findKey, usable } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import type { Key, KmsCall, KmsOperation, State } from "./state.ts";

const DAY = 86_400_000;

const access = (action: string) => (input: { readonly KeyId: string | undefined }, call: KmsCall) =>
  keyAccess(customerKey(input.KeyId, call, action), action, input, call);

export const enableKeyRotation: KmsOperation<"EnableKeyRotation"> = {
  access: access("EnableKeyRotation"),
  run: (input, call) => {
    const days = input.RotationPeriodInDays ?? 365;
    const key = requirePrimary(usable(findKey(input.KeyId, call)));
    const state = call.stateOf(key.account, key.region);
    const next = new Date(call.clock.now().getTime() + days * DAY);
    rotateWhenDue(state.keys.set(key.id, { ...key, rotation: { days, next } }), state, call.clock, (region) =>
      call.stateOf(key.account, region),
    );
    return {};
  },
};

export const disableKeyRotation: KmsOperation<"DisableKeyRotation"> = {
  access: access("DisableKeyRotation"),
  run: (input, call) => {
    const { rotation: _rotation, ...key } = usable(findKey(input.KeyId, call));
    call.stateOf(key.account, key.region).keys.set(key.id, key);
    return {};
  },
};

export const getKeyRotationStatus: KmsOperation<"GetKeyRotationStatus"> = {
  access: onKey("GetKeyRotationStatus"),
  run: (input, call) => {
    const key = findKey(input.KeyId, call);
    const { rotation } = key;
    return {
      KeyId: key.arn,
      KeyRotationEnabled: rotation !== undefined && key.state !== "PendingDeletion",
      ...(rotation && { RotationPeriodInDays: rotation.days, NextRotationDate: rotation.next }),
    };
  },
};

export const rotateKeyOnDemand: KmsOperation<"RotateKeyOnDemand"> = {
  access: access("RotateKeyOnDemand"),
  run: (input, call) => {
    const key = requirePrimary(usable(findKey(input.KeyId, call)));
    const changed = rotated(key, call.clock.now());
    call.stateOf(key.account, key.region).keys.set(key.id, changed);
    copyToReplicas(changed, (region) => call.stateOf(key.account, region));
    return { KeyId: key.arn };
  },
};

const rotated = (key: Key, now: Date): Key => ({
  ...key,
  material: [...key.material, { bytes: randomBytes(32), since: now }],
});

/**
 * A replica has the same material as its primary, so only the primary can rotate it (KMS API Reference,
 * EnableKeyRotation).
 */
function requirePrimary(key: Key): Key {
  if ((key.multiRegion?.primary ?? key.region) === key.region) return key;
  throw new AwsError(
    "UnsupportedOperationException",
    `${key.arn} is a replica key; rotation is a matter of its primary key.`,
  );
}

function copyToReplicas({ id, material, multiRegion }: Key, stateIn: (region: string) => State): void {
  for (const region of multiRegion?.replicas ?? []) {
    const { keys } = stateIn(region);
    const replica = keys.get(id);
    if (replica !== undefined) keys.set(id, { ...replica, material });
  }
}

/**
 * Rotates the key on its rotation date. The service also calls it at start, for keys with rotation enabled.
 */
export function rotateWhenDue(
  { id, rotation }: Key,
  state: State,
  clock: Clock,
  stateIn: (region: string) => State,
): void {
  if (rotation === undefined) return;
  clock.at(rotation.next, () => {
    const key = state.keys.get(id);
    if (key?.rotation?.next.getTime() !== rotation.next.getTime()) return;
    const next = new Date(rotation.next.getTime() + rotation.days * DAY);
    const changed = key.state === "Enabled" ? rotated(key, clock.now()) : key;
    const stored = state.keys.set(id, { ...changed, rotation: { days: rotation.days, next } });
    copyToReplicas(stored, stateIn);
    rotateWhenDue(stored, state, clock, stateIn);
  });
}
