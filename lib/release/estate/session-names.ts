/**
 * Decides how the trusts of people's roles pin a session name. A caller chooses the name, unless the trust compares
 * it with a value that the caller cannot choose (IAM User Guide, "IAM and AWS STS condition context keys",
 * sts:RoleSessionName).
 */
import { described, object, optional, text } from "#release/document/shape.ts";

/** As the estate writes it: `sourceIdentity`, or `tag/` and the key of a principal tag. */
export type SessionNames = {
  /** Of kedge-ci. */
  readonly uploaders?: string;
  /** Of kedge-approver and kedge-operator. */
  readonly people?: string;
};

const pin = text(
  "sourceIdentity, or tag/ and the key of a tag",
  /^(sourceIdentity|tag\/[A-Za-z0-9_.:/=+@-]{1,128})$/,
);

export const sessionNamesShape = object({
  uploaders: optional(
    described(
      "The session name of kedge-ci must equal this value: the caller's source identity, or a tag of the caller, such as tag/kedge-subject.",
      pin,
    ),
  ),
  people: optional(
    described("The session names of kedge-approver and kedge-operator must equal this value.", pin),
  ),
});

/** The condition key whose value the session name has to have. */
export const conditionKeyOf = (written: string): string =>
  written === "sourceIdentity" ? "aws:SourceIdentity" : `aws:PrincipalTag/${written.slice("tag/".length)}`;

type Duties = {
  readonly name: string;
  readonly separateDuties?: boolean;
  readonly separateAuthors?: boolean;
  readonly sessionNames?: SessionNames;
};

/** A sentence for each duty that cannot be proven, because a session name is the caller's choice. */
export function unprovenDuties({
  name,
  separateDuties = false,
  separateAuthors = false,
  sessionNames = {},
}: Duties): readonly string[] {
  if (separateAuthors && !separateDuties)
    return [`${name}: separateAuthors needs separateDuties, which names uploaders and approvers.`];
  if (!separateDuties) return [];
  const missing = (["uploaders", "people"] as const).filter((each) => sessionNames[each] === undefined);
  return missing.map(
    (each) =>
      `${name}: separateDuties needs sessionNames.${each}. Without it a caller of ${roleWords[each]} chooses the session name, and Kedge refuses every approved release.`,
  );
}

const roleWords = { uploaders: "kedge-ci", people: "kedge-approver" } as const;
