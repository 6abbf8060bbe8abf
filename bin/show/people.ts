/** Draws the people of a result: the uploader with the source, and the approvers with their words. */
import type { Result, ResultDecision } from "#release/line/result.ts";
import { shownName } from "#release/people/shown-name.ts";
import { type Names, shownPerson, shownSource, shownUploader } from "#release/people/shown-person.ts";

/** One line for the upload, and one for each decision. */
export const showPeople = ({ upload, decisions = [] }: Result, names: Names): readonly string[] => [
  ...(upload === undefined
    ? []
    : [
        `uploaded by ${[shownUploader(upload, names), shownSource(upload, names)].filter(Boolean).join(", ")}`,
      ]),
  ...decisions.map((decision) => decisionLine(decision, names)),
];

function decisionLine({ stage, decision, by, words }: ResultDecision, names: Names): string {
  const said = words === undefined ? "" : `: ${shownName(words)}`;
  return `${stage} ${decision.toLowerCase()} by ${shownPerson(by, names)}${said}`;
}
