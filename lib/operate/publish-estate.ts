/**
 * Publishes an estate as one person, and confirms it as a second one. A person signs the text: the person writes it
 * to a key that no other person can write. The Lambda `kedge-publish` counts the people and publishes.
 */
import type { EstateProposals, PublicationAnswer } from "#ports/estate-proposals.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { Loosening } from "#release/estate/loosening/loosening.ts";
import { loosenedBy } from "#release/estate/loosening/publication.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { noEstate } from "#release/names/registry-keys.ts";
import { OperateError } from "./operate-error.ts";

export type Proposed = {
  readonly state: "published" | "kept" | "waits";
  readonly digest: string;
  readonly loosenings: readonly Loosening[];
};

/** Signs the text and asks for its publication. Throws when the estate is neither published nor waiting. */
export async function proposeEstate(proposals: EstateProposals, text: string): Promise<Proposed> {
  const live = await proposals.live();
  const digest = sha256Hex(text);
  if (live?.text === text) return { state: "kept", digest, loosenings: [] };
  await proposals.sign(live?.version ?? noEstate, digest, text);
  return ended(digest, await proposals.publish(digest));
}

/** The text that waits with the digest, and the gates that it loosens. Throws `ProposalMissing`. */
export async function waitingEstate(
  proposals: EstateProposals,
  digest: string,
): Promise<{ readonly text: string; readonly loosenings: readonly Loosening[] }> {
  const live = await proposals.live();
  if (live !== undefined && sha256Hex(live.text) === digest)
    throw new OperateError("ProposalMissing", `The estate ${digest} is published already.`);
  const text = await proposals.signed(live?.version ?? noEstate, digest);
  if (text === undefined || sha256Hex(text) !== digest) throw proposalMissing(digest);
  return { text, loosenings: loosenedBy(live?.text, parseEstate(text)) };
}

/** The digest of the only text that waits. Throws `ProposalMissing` for none, and `SeveralProposals`. */
export async function onlyProposal(proposals: EstateProposals): Promise<string> {
  const live = await proposals.live();
  const [first, ...others] = await proposals.waiting(live?.version ?? noEstate);
  if (first === undefined)
    throw new OperateError("ProposalMissing", "No estate waits to replace the published one.");
  if (others.length === 0) return first;
  const listed = [first, ...others].map((digest) => `\n  --digest ${digest}`).join("");
  throw new OperateError("SeveralProposals", `Several estates wait. Name one:${listed}`);
}

/** Signs the text that waits, as the second person. Throws `EstateWaits` for the person who proposed it. */
export async function confirmEstate(proposals: EstateProposals, text: string): Promise<Proposed> {
  const proposed = await proposeEstate(proposals, text);
  if (proposed.state !== "waits") return proposed;
  throw new OperateError(
    "EstateWaits",
    "The estate still waits: you are the person who proposed it. Sessions of one IAM role count as one person, except those of IAM Identity Center. Ask a colleague with another identity to confirm it.",
  );
}

function ended(digest: string, answer: PublicationAnswer): Proposed {
  switch (answer.state) {
    case "published":
    case "waits":
      return { ...answer, digest };
    case "kept":
      return { state: "kept", digest, loosenings: [] };
    case "missing":
      throw proposalMissing(digest);
    case "overtaken":
      throw new OperateError(
        "EstateOvertaken",
        "Another estate was published at the same time. Read it, and publish again.",
      );
    case "refused":
      throw new OperateError("EstateRefused", answer.why);
  }
}

const proposalMissing = (digest: string): OperateError =>
  new OperateError(
    "ProposalMissing",
    `No estate with the digest ${digest} waits to replace the published one. A proposal ends when another estate is published, and after 30 days; publish the file again.`,
  );

export const waitsForSecondPerson = ({ digest, loosenings: found }: Proposed): OperateError =>
  new OperateError(
    "EstateWaits",
    [
      "The estate is not published yet: it loosens a gate, and a second person has to confirm it.",
      ...found.map((each) => `  ${looseningSentence(each)}`),
      `The second person reads the file and runs: kedge estate confirm --digest ${digest}`,
    ].join("\n"),
  );

/** @example "anchors.environments.approval (shop/prod): true → false" */
export const looseningSentence = ({ setting, at, was, becomes }: Loosening): string =>
  `${setting}${at === "" ? "" : ` (${at})`}: ${was} → ${becomes}`;
