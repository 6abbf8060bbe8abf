/**
 * Defines the state of the cloud's one organization. Every account is a member, whether it was enrolled by
 * name or not. One state serves all accounts, so that each account sees the same organization.
 */
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { NamedPolicy } from "./evaluate.ts";
import type { PolicyDocument } from "./policy-document.ts";
import type { OrganizationMembership } from "./request-context.ts";

/** The tables of this account hold the organization. No account has this id. */
export const ORGANIZATION_HOME = "000000000000";
export const ORGANIZATION_ID = "o-kedgelocal1";
export const ROOT_ID = "r-kdge";
export const FULL_ACCESS = "p-FullAWSAccess";

export type OrganizationRow = {
  readonly managementAccount: string;
  /** The policy types that are enabled on the root. */
  readonly policyTypes: readonly string[];
  readonly trustedServices: Readonly<Record<string, Date>>;
};

export type AccountRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly parent: string;
  readonly joined: Date;
};

export type UnitRow = { readonly id: string; readonly name: string; readonly parent: string };

export type ControlPolicyRow = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly content: string;
  readonly awsManaged: boolean;
};

export type OrganizationState = {
  /** Holds one row, `organization`. */
  readonly organization: Table<OrganizationRow>;
  readonly accounts: Table<AccountRow>;
  readonly units: Table<UnitRow>;
  readonly policies: Table<ControlPolicyRow>;
  /** Policy ids by target (root, unit or account). A target without a row has only FullAWSAccess. */
  readonly attachments: Table<readonly string[]>;
};

export const openOrganizationState = (table: OpenTable): OrganizationState => ({
  organization: table("organization"),
  accounts: table("accounts"),
  units: table("units"),
  policies: table("policies"),
  attachments: table("attachments"),
});

export const fullAccess: ControlPolicyRow = {
  id: FULL_ACCESS,
  name: "FullAWSAccess",
  description: "Allows access to every operation",
  content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  awsManaged: true,
};

export const parentOf = (state: OrganizationState, child: string): string =>
  state.accounts.get(child)?.parent ?? state.units.get(child)?.parent ?? ROOT_ID;

/** From the root down to the account. */
function lineage(state: OrganizationState, account: string): readonly string[] {
  const line = [account];
  for (let at = account; at !== ROOT_ID; ) {
    at = parentOf(state, at);
    line.unshift(at);
  }
  return line;
}

export const attachedTo = (state: OrganizationState, target: string): readonly string[] =>
  state.attachments.get(target) ?? [FULL_ACCESS];

export const membershipOf = (state: OrganizationState, account: string): OrganizationMembership => ({
  id: ORGANIZATION_ID,
  path: `${[ORGANIZATION_ID, ...lineage(state, account).slice(0, -1)].join("/")}/`,
});

/**
 * Returns the service control policies over an account, by level. The management account is exempt, so the
 * result is undefined.
 */
export function controlPolicies(
  state: OrganizationState,
  account: string,
  parse: (text: string) => PolicyDocument,
): readonly (readonly NamedPolicy[])[] | undefined {
  const organization = state.organization.get("organization");
  if (organization === undefined || organization.managementAccount === account) return undefined;
  if (!organization.policyTypes.includes("SERVICE_CONTROL_POLICY")) return undefined;
  return lineage(state, account).map((target) =>
    attachedTo(state, target).map((id) => {
      const policy = state.policies.get(id) ?? fullAccess;
      return { name: policy.name, document: parse(policy.content) };
    }),
  );
}

/**
 * Makes an account a member by name. The first account manages the organization, unless `management` names
 * another.
 */
export function enrolAccount(
  state: OrganizationState,
  account: {
    readonly id: string;
    readonly now: Date;
    readonly name?: string;
    readonly management?: boolean;
  },
): void {
  const { id, now, name = id, management = false } = account;
  const organization = state.organization.get("organization");
  if (organization === undefined || (management && organization.managementAccount !== id)) {
    state.organization.set("organization", {
      policyTypes: ["SERVICE_CONTROL_POLICY"],
      trustedServices: {},
      ...organization,
      managementAccount: id,
    });
  }
  const known = state.accounts.get(id);
  if (known !== undefined && (account.name === undefined || known.name === name)) return;
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  state.accounts.set(id, {
    parent: ROOT_ID,
    joined: now,
    ...known,
    id,
    name,
    email: `${slug}+${id}@accounts.local`,
  });
}
