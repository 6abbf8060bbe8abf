/**
 * Judges whether the people of a release are different, by identities that AWS recorded. An unknown person, or a
 * caller who chose the session name, could be the same person as another one, so the release is refused.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Identity } from "./identity.ts";
import type { PersonRef } from "./person.ts";

/** The facts of the anchor's stack about its own roles. */
export type PinnedRoles = {
  /** The unique id of kedge-ci. S3's notifications name the role of an uploader by it. */
  readonly ciRoleId: string;
  /** The trust of kedge-ci pins the session name. */
  readonly uploaders: boolean;
  /** The trust of kedge-approver pins the session name. */
  readonly people: boolean;
};

type ReleasePeople = {
  readonly uploader: PersonRef | undefined;
  /** The author as the CI claims it, where the estate asks for one. */
  readonly author?: PersonRef | undefined;
  /** The approvers of this version in the environment. The id is absent for a name without one. */
  readonly approvers: readonly (Identity & { readonly id: string | undefined })[];
};

const unproven = (seen: string): ReleaseError => new ReleaseError("DutiesUnproven", seen);
const together = (seen: string): ReleaseError => new ReleaseError("DutiesNotSeparate", seen);

/** Throws `DutiesUnproven` or `DutiesNotSeparate`. `authors`: the author counts, too. */
export function checkSeparate(
  { uploader, author, approvers }: ReleasePeople,
  pinned: PinnedRoles,
  { authors, approverRole }: { readonly authors: boolean; readonly approverRole: string },
): void {
  const from = provenUploader(uploader, pinned);
  if (authors && author === undefined)
    throw unproven("The upload claims no author, and the estate keeps authors apart.");
  if (authors && author?.id === from.id) throw together("The uploader is the author of the commit.");
  if (approvers.length === 0) throw unproven("CodePipeline tells of no decision by a person.");
  for (const approver of approvers) {
    if (!pinned.people) throw unproven("The trust of kedge-approver does not pin session names.");
    if (approver.kind !== "session" || approver.role !== approverRole)
      throw unproven(`The approval was given by a principal other than a session of ${approverRole}.`);
    if (approver.id === from.id) throw together("The uploader gave the approval.");
    if (authors && approver.id === author?.id) throw together("The author of the commit gave the approval.");
  }
}

function provenUploader(uploader: PersonRef | undefined, { ciRoleId, uploaders }: PinnedRoles): PersonRef {
  if (uploader === undefined) throw unproven("No notification of S3 names the uploader of this version.");
  if (uploader.kind !== "session" || uploader.role !== ciRoleId)
    throw unproven("This version was uploaded by a principal other than a session of kedge-ci.");
  if (!uploaders) throw unproven("The trust of kedge-ci does not pin session names.");
  return uploader;
}
