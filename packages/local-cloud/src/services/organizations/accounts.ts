/**
 * These operations list, describe and move member accounts. The cloud has no CreateAccount: each account that
 * makes a call is a member.
 */
import type { Account } from "@aws-sdk/client-organizations";
import { type AccountRow, enrolAccount } from "#cloud/iam/organization-state.ts";
import {
  access,
  arnOf,
  exception,
  managed,
  type OrganizationCall,
  type OrganizationOperation,
  targetArn,
} from "./operation.ts";
import { page } from "./paging.ts";
import { requireParent } from "./tree.ts";

export const listAccounts: OrganizationOperation<"ListAccounts"> = {
  access: () => access("ListAccounts"),
  run: (input, call) => {
    const { items, next } = page([...managed(call).state.accounts.values()], input);
    return { Accounts: items.map((row) => shape(row, call)), ...next };
  },
};

export const listAccountsForParent: OrganizationOperation<"ListAccountsForParent"> = {
  access: () => access("ListAccountsForParent"),
  run: (input, call) => {
    const { state } = managed(call);
    const parent = requireParent(state, input.ParentId);
    const children = [...state.accounts.values()].filter((row) => row.parent === parent);
    const { items, next } = page(children, input);
    return { Accounts: items.map((row) => shape(row, call)), ...next };
  },
};

export const describeAccount: OrganizationOperation<"DescribeAccount"> = {
  access: (input, call) => access("DescribeAccount", targetArn(call, input.AccountId)),
  run: ({ AccountId }, call) => ({ Account: shape(member(AccountId, call), call) }),
};

export const moveAccount: OrganizationOperation<"MoveAccount"> = {
  access: (input, call) =>
    [input.AccountId, input.SourceParentId, input.DestinationParentId].map((id) =>
      access("MoveAccount", targetArn(call, id)),
    ),
  run: (input, call) => {
    const { state } = managed(call);
    const row = member(input.AccountId, call);
    if (row.parent !== input.SourceParentId)
      throw exception(
        "SourceParentNotFoundException",
        "You specified a source root or OU that does not hold the account.",
      );
    const parent = requireDestination(input.DestinationParentId, call);
    state.accounts.set(row.id, { ...row, parent });
    return {};
  },
};

function requireDestination(id: string | undefined, call: OrganizationCall): string {
  try {
    return requireParent(managed(call).state, id);
  } catch {
    throw exception(
      "DestinationParentNotFoundException",
      "We can't find the destination container (a root or OU) with the ParentId that you specified.",
    );
  }
}

/**
 * Returns a member account. Every 12-digit id is a member; an account that has made no call joins at this
 * point.
 */
function member(id = "", call: OrganizationCall): AccountRow {
  const { state } = managed(call);
  if (/^\d{12}$/.test(id)) enrolAccount(state, { id, now: call.clock.now() });
  const row = state.accounts.get(id);
  if (row === undefined)
    throw exception("AccountNotFoundException", "You specified an account that doesn't exist.");
  return row;
}

const shape = (row: AccountRow, call: OrganizationCall): Account => ({
  Id: row.id,
  Arn: arnOf(call, "account", row.id),
  Email: row.email,
  Name: row.name,
  Status: "ACTIVE",
  State: "ACTIVE",
  JoinedMethod: "CREATED",
  JoinedTimestamp: row.joined,
});
