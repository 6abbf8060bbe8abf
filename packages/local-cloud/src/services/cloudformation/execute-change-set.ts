/**
 * Implements ExecuteChangeSet: applies a change set once, and makes the stack's other change sets obsolete.
 */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { stackOfSet } from "./change-sets.ts";
import { findChangeSet } from "./find-change-set.ts";
import { stackOf } from "./find-stack.ts";
import { requireRoot } from "./nested-change-sets.ts";
import { changeStack } from "./record.ts";
import { removeNested } from "./remove-nested.ts";
import { runOperation } from "./run.ts";
import { checkToken, checkUpdatable, locationOf } from "./stack-request.ts";
import { beginCreation } from "./start-stack.ts";
import { beginUpdate } from "./start-update.ts";
import type { ChangeSetRow, Location, Sdk, State } from "./state.ts";

export const executeChangeSet: OperationOf<Sdk, State, "ExecuteChangeSet"> = {
  access: (input, call) =>
    stackAccess("ExecuteChangeSet", stackOfSet(input, call.state), call, {
      "cloudformation:ChangeSetName": input.ChangeSetName,
    }),
  run: (input, call) => {
    checkToken(input.ClientRequestToken);
    const set = findChangeSet(call.state, input.ChangeSetName ?? "", input.StackName);
    const token = input.ClientRequestToken;
    const stack = stackOf(call, set.stackId);
    if (token !== undefined && stack.tokens[token] === `ExecuteChangeSet ${set.changeSetId}`) return {};
    checkExecutable(call.state, set);
    if (input.DisableRollback !== undefined && set.onStackFailure !== undefined) {
      throw validationError(
        "DisableRollback cannot be specified when OnStackFailure is set on the change set.",
      );
    }
    const location = locationOf(call);
    const isNew = stack.status === "REVIEW_IN_PROGRESS";
    if (!isNew) checkUpdatable(stack, true);
    makeOthersObsolete(location, set);
    call.state.changeSets.set(set.changeSetId, { ...set, executionStatus: "EXECUTE_COMPLETE" });
    const roleArn = set.roleArn ?? stack.roleArn;
    const keepsFailed = input.DisableRollback === true || set.onStackFailure === "DO_NOTHING";
    const row = changeStack(location, stack.stackId, {
      changeSetId: set.changeSetId,
      ...(token === undefined
        ? {}
        : { tokens: { ...stack.tokens, [token]: `ExecuteChangeSet ${set.changeSetId}` } }),
      ...(isNew
        ? {
            definition: set.definition,
            roleArn,
            created: call.clock.now(),
            onFailure: keepsFailed ? "DO_NOTHING" : (set.onStackFailure ?? "ROLLBACK"),
            retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          }
        : {}),
    });
    if (isNew) beginCreation(location, row, call.principal, token);
    else {
      beginUpdate(location, row, set.definition, {
        principal: call.principal,
        disableRollback: keepsFailed,
        changeSetId: set.changeSetId,
        ...(token === undefined ? {} : { token }),
        ...(roleArn === undefined ? {} : { roleArn }),
      });
      if (token !== undefined) {
        changeStack(location, stack.stackId, {
          tokens: { ...row.tokens, [token]: `ExecuteChangeSet ${set.changeSetId}` },
        });
      }
    }
    runOperation(location, stack.stackId);
    return {};
  },
};

function checkExecutable({ changeSets }: State, set: ChangeSetRow): void {
  const { changeSetId, status, executionStatus, nestedIn } = set;
  // The operation of the parent executes it.
  const begun = nestedIn && changeSets.get(nestedIn.parentId)?.executionStatus === "EXECUTE_COMPLETE";
  if (begun && status === "CREATE_COMPLETE" && executionStatus === "UNAVAILABLE") return;
  requireRoot(set, "executed");
  if (status === "CREATE_COMPLETE" && executionStatus === "AVAILABLE") return;
  throw new AwsError(
    "InvalidChangeSetStatus",
    status === "CREATE_COMPLETE"
      ? `ChangeSet [${changeSetId}] cannot be executed in its current execution status of [${executionStatus}]`
      : `ChangeSet [${changeSetId}] cannot be executed in its current status of [${status}]`,
  );
}

function makeOthersObsolete(location: Location, { stackId, changeSetId }: ChangeSetRow): void {
  const { changeSets } = location.state;
  for (const other of [...changeSets.values()]) {
    if (
      other.stackId === stackId &&
      other.changeSetId !== changeSetId &&
      other.executionStatus === "AVAILABLE"
    ) {
      removeNested(location, other.changeSetId);
      changeSets.set(other.changeSetId, { ...other, executionStatus: "OBSOLETE" });
    }
  }
}
