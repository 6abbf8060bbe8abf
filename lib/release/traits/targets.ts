/**
 * Computes the environments that a line may reach, their order, and the reason why each other environment is
 * out.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import type { Anchor, Environment, Estate, Handlers } from "#release/estate/estate.ts";
import type { KubernetesRules } from "#release/estate/kubernetes-rules.ts";
import type { TerraformRules } from "#release/estate/terraform-rules.ts";
import type { Line } from "#release/names/key.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import { judge } from "./eligibility.ts";
import type { Traits } from "./traits.ts";

/** `authors`: the author of the commit counts, too. */
export type SeparateDuties = "uploaders" | "authors";

/** An environment a line is promoted to. */
export type Target = {
  readonly environment: string;
  /** The name of the line's first stack in the environment. Absent: the line has long names. */
  readonly stack?: string;
  /** All names of the environment, from the most general to its own. */
  readonly names: readonly string[];
  readonly tenant?: string;
  /** Environments of one wave are released to together. */
  readonly wave: string;
  readonly account: string;
  readonly region: string;
  readonly approval: boolean;
  readonly approvalTimeoutMinutes: number;
  readonly protected: boolean;
  /** The people that have to differ from each other in each approved release. */
  readonly separateDuties?: SeparateDuties;
  /** The handlers for artifacts of the release template `custom` in this environment. */
  readonly handlers?: Handlers;
  /** Functions of the environment that Kedge did not create and that may receive code. */
  readonly existingFunctions?: readonly string[];
  readonly kubernetes?: KubernetesRules;
  /** Absent when the estate has no rules of its own. */
  readonly terraform?: TerraformRules;
};

/** One environment's verdict; `reason` is a sentence for people. */
export type Eligibility = {
  readonly environment: string;
  readonly eligible: boolean;
  readonly reason: string;
};

export type Reach = {
  readonly anchor: Anchor;
  /** In promotion order; may be empty. */
  readonly targets: readonly Target[];
  /** Every environment of the anchor, in promotion order. */
  readonly verdicts: readonly Eligibility[];
  /** The input for the teardown of a line. */
  readonly tombstone: { readonly allowed: boolean; readonly reason: string };
};

/** All names of the anchor's environments, without duplicates. */
export const environmentNames = ({ environments }: Pick<Anchor, "environments">): readonly string[] => [
  ...new Set(environments.flatMap(({ names }) => names)),
];

/** Throws `AccountUnknown` when no anchor owns the line's account. */
export function anchorOf(estate: Estate, line: Line): Anchor {
  const anchor = estate.anchors.find(({ account }) => account === line.account);
  if (anchor !== undefined) return anchor;
  const known = estate.anchors.map(({ name, account }) => `${account} (${name})`).join(", ");
  throw new ReleaseError("AccountUnknown", `No anchor has the account ${line.account}; there are ${known}.`);
}

/**
 * Returns the environments that the estate and the traits of the artifact both allow. Without traits it
 * returns the environments that any artifact of the line may reach. Throws `AccountUnknown`. The caller
 * judges an empty `targets` (see `requireTargets`).
 */
export function environmentsFor(estate: Estate, line: Line, traits?: Pick<Traits, "eligibility">): Reach {
  const anchor = anchorOf(estate, line);
  const verdicts = anchor.environments.map((environment) => verdictOn(environment, line.branch, traits));
  const reached = anchor.environments.filter((_, index) => verdicts[index]?.eligible);
  return {
    anchor,
    targets: reached.map((environment) => targetOf(environment, estate, anchor)),
    verdicts,
    tombstone: tombstoneOf(anchor, reached, line.branch),
  };
}

/** The same reach, or `NoEligibleEnvironment` when the branch may go nowhere. */
export function requireTargets(reach: Reach, line: Line): Reach {
  if (reach.targets.length > 0) return reach;
  const reasons = reach.verdicts.map(({ environment, reason }) => `${environment}: ${reason}`).join(" ");
  throw new ReleaseError(
    "NoEligibleEnvironment",
    `No environment of ${reach.anchor.name} is open to the branch ${JSON.stringify(line.branch)}. ${reasons}`,
  );
}

function verdictOn(
  environment: Environment,
  branch: string,
  traits: Pick<Traits, "eligibility"> | undefined,
): Eligibility {
  const { name, branches } = environment;
  const open = fitsPatterns(branch, branches);
  const accepted = branches.join(", ");
  const rule = open
    ? `The branch fits ${accepted}.`
    : `Accepts ${accepted === "" ? "no branch" : accepted} only.`;
  const { eligible, reasons } = judge(traits?.eligibility ?? {}, environment);
  return { environment: name, eligible: open && eligible, reason: [rule, ...reasons].join(" ") };
}

const targetOf = (
  { name, names, tenant, wave, account, region, approval, approvalTimeoutMinutes, ...rest }: Environment,
  { terraform }: Pick<Estate, "terraform">,
  { separateDuties, separateAuthors }: Pick<Anchor, "separateDuties" | "separateAuthors">,
): Target => ({
  environment: name,
  names,
  ...(tenant !== undefined && { tenant }),
  wave,
  account,
  region,
  approval,
  approvalTimeoutMinutes,
  protected: rest.protected,
  ...(approval && separateDuties && { separateDuties: separateAuthors ? "authors" : "uploaders" }),
  ...(rest.handlers && { handlers: rest.handlers }),
  ...(rest.existingFunctions && { existingFunctions: rest.existingFunctions }),
  ...(rest.kubernetes && { kubernetes: rest.kubernetes }),
  ...(terraform && { terraform }),
});

function tombstoneOf(anchor: Anchor, reached: readonly Environment[], branch: string): Reach["tombstone"] {
  const protectedNames = reached.filter((environment) => environment.protected).map(({ name }) => name);
  if (protectedNames.length === 0)
    return { allowed: true, reason: "The line reaches no protected environment." };
  const allowed = fitsPatterns(branch, anchor.allowTombstone);
  const reach = `The branch ${JSON.stringify(branch)} reaches the protected ${protectedNames.join(", ")}`;
  const policy = anchor.allowTombstone.join(", ") || "no branch";
  return { allowed, reason: `${reach}; the estate allows the teardown of ${policy}.` };
}
