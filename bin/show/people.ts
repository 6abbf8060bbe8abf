/** Draws the people of a result: the uploader with the source, and the approvers with their words. */
import type { Names } from "#operate/people.ts";
import type { Result, ResultDecision, ResultUpload } from "#release/line/result.ts";
import type { PersonRef } from "#release/people/person.ts";
import { shownName } from "#release/people/shown-name.ts";

/** One line for the upload, and one for each decision. */
export const showPeople = ({ upload, decisions = [] }: Result, names: Names): readonly string[] => [
  ...(upload === undefined ? [] : [uploadLine(upload, names)]),
  ...decisions.map((decision) => decisionLine(decision, names)),
];

function showPerson({ id, kind, role }: PersonRef, names: Names): string {
  const name = shownName(names[id] ?? id);
  return kind === "session" && role !== undefined ? `${name} (session of ${shownName(role)})` : name;
}

function uploadLine({ by, commit, author, run }: ResultUpload, names: Names): string {
  const source = [
    commit !== undefined && `commit ${shownName(commit)}`,
    author && `author ${showPerson(author, names)}`,
    run !== undefined && `run ${shownName(run)}`,
  ].filter(Boolean);
  const uploader = by === undefined ? "an unknown uploader" : showPerson(by, names);
  return [`uploaded by ${uploader}`, ...source].join(", ");
}

function decisionLine({ stage, decision, by, words }: ResultDecision, names: Names): string {
  const said = words === undefined ? "" : `: ${shownName(words)}`;
  return `${stage} ${decision.toLowerCase()} by ${showPerson(by, names)}${said}`;
}
