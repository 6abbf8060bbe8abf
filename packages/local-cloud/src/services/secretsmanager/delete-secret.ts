/**
 * DeleteSecret schedules the deletion of a secret, or deletes it at once if forced. RestoreSecret cancels the
 * deletion.
 */
import type { Clock } from "#cloud/kernel/clock.ts";
import { invalidParameter, invalidRequest } from "./errors.ts";
import { findSecret, liveSecret, secretAccess, storeSecret } from "./find-secret.ts";
import type { Secret, SecretOperation, State } from "./state.ts";

const DAY = 86_400_000;

export const deleteSecret: SecretOperation<"DeleteSecret"> = {
  access: (input, call) =>
    secretAccess(findSecret(input.SecretId, call), "DeleteSecret", input, {
      "secretsmanager:ForceDeleteWithoutRecovery": input.ForceDeleteWithoutRecovery,
      "secretsmanager:RecoveryWindowInDays": input.RecoveryWindowInDays,
    }),
  run: (input, call) => {
    const { ForceDeleteWithoutRecovery: force, RecoveryWindowInDays: window } = input;
    if (force && window !== undefined)
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    const days = window ?? 30;
    if (!Number.isInteger(days) || days < 7 || days > 30)
      throw invalidParameter("RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    const now = call.clock.now();
    if (force) {
      const secret = findSecret(input.SecretId, call);
      call.stateOf(secret.account, secret.region).secrets.delete(secret.name);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    }
    const goneAt = new Date(now.getTime() + days * DAY);
    const secret = storeSecret({ ...liveSecret(input.SecretId, call), deletedAt: now, goneAt }, call);
    deleteWhenDue(secret, call.stateOf(secret.account, secret.region), call.clock);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: goneAt };
  },
};

export const restoreSecret: SecretOperation<"RestoreSecret"> = {
  access: (input, call) => secretAccess(findSecret(input.SecretId, call), "RestoreSecret", input),
  run: (input, call) => {
    const { deletedAt, goneAt: _goneAt, ...secret } = findSecret(input.SecretId, call);
    if (deletedAt === undefined) throw invalidRequest("The secret is not marked for deletion.");
    storeSecret(secret, call);
    return { ARN: secret.arn, Name: secret.name };
  },
};

/**
 * Deletes the secret when its recovery window ends. The service also calls it at start, for secrets scheduled
 * before.
 */
export function deleteWhenDue({ name, arn, goneAt }: Secret, { secrets }: State, clock: Clock): void {
  if (goneAt === undefined) return;
  clock.at(goneAt, () => {
    const secret = secrets.get(name);
    if (secret?.arn === arn && secret.goneAt?.getTime() === goneAt.getTime()) secrets.delete(name);
  });
}
