/**
 * Renders a review as one HTML page without scripts, and as text for the terminal. Names and values come from
 * the team's templates, so the page escapes all of them.
 */
import { counted } from "#release/names/counted.ts";
import { formatKey } from "#release/names/key.ts";
import { type Names, shownSource, shownUploader } from "#release/people/shown-person.ts";
import { gravestFirst, isGrave, type Review, type ReviewedStack } from "./review.ts";
import type { ReviewedRelease } from "./reviewed-release.ts";
import type { PropertyChange, ResourceChange } from "./stack-change.ts";

export function reviewPage(review: Review): string {
  const { clearance, digest, summary, stacks, at } = review;
  const title = `${formatKey(clearance.line)} to ${clearance.environment}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
code{word-break:break-all}.grave{background:#fdd}</style></head><body>
<h1>${escaped(title)}</h1>
<ul>${summary.map((sentence) => `<li>${escaped(sentence)}</li>`).join("")}</ul>
<table>${factsOf(review)
    .map(([name, value]) => `<tr><th>${escaped(name)}</th><td><code>${escaped(value)}</code></td></tr>`)
    .join("")}</table>
${releasesSection(review)}${findingsSection(review)}${stacks.map(stackSection).join("\n")}
<p>Digest <code>${escaped(digest)}</code>, computed at ${escaped(at)}.</p>
</body></html>
`;
}

/** The facts that a decision needs, by name. A page has no names of people, because it stays. */
export const factsOf = (
  { clearance, back, digest, settings = [], origin = {} }: Review,
  names: Names = {},
): readonly (readonly [string, string])[] => [
  ["Account", `${clearance.account} (${clearance.region})`],
  ["Version", clearance.artifact.versionId],
  ["Uploaded by", shownUploader(origin, names)],
  ["Source", shownSource(origin, names) || "not told by the CI"],
  ["SHA-256", clearance.artifact.sha256],
  ["Release template", `${clearance.template.name}@${clearance.template.version}`],
  ["Execution", clearance.execution],
  ["Estate", clearance.policy],
  ...(settings.length === 0 ? [] : [["Parameter store", settings.join(", ")] as const]),
  ["Way back", back ? `${back.by}, within ${back.within}` : firstRelease(clearance.environment)],
  ["Digest", digest],
];

const firstRelease = (environment: string): string =>
  `none: this is the line's first release to ${environment}, so Kedge has no earlier version there`;

export const releaseLine = ({ at, version, ...origin }: ReviewedRelease, names: Names = {}): string =>
  [at, version, shownUploader(origin, names), shownSource(origin, names)].filter(Boolean).join("  ");

function releasesSection({ releases = [], clearance }: Review): string {
  if (releases.length === 0) return "";
  const rows = releases.map((release) => `<li><code>${escaped(releaseLine(release))}</code></li>`);
  return `<h2>Last releases of ${escaped(clearance.environment)}</h2><ul>${rows.join("")}</ul>\n`;
}

/** A review that an earlier version of Kedge wrote may have no count. */
export const findingLines = ({ findings, findingsLeftOut = 0 }: Review): readonly string[] => [
  ...findings.map(({ rule, verdict, sentence }) => `${verdict}: ${sentence} (${rule})`),
  ...(findingsLeftOut === 0
    ? []
    : [`The review leaves out ${counted(findingsLeftOut, "more finding")}. kedge check lists all findings.`]),
];

function findingsSection(review: Review): string {
  const lines = findingLines(review);
  if (lines.length === 0) return "";
  return `<h2>Findings</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>\n`;
}

function stackSection({ name, state, changes, widenings, cut }: ReviewedStack): string {
  const rows = gravestFirst(changes).map(
    (change) =>
      `<tr${isGrave(change) ? ' class="grave"' : ""}><td>${escaped(actionOf(change))}</td><td>${escaped(change.logicalId)}</td><td>${escaped(change.type)}</td><td>${change.properties.map((property) => `<div><code>${escaped(propertyText(property))}</code></div>`).join("")}</td></tr>`,
  );
  const widened = widenings.map(
    ({ logicalId, sentence }) => `<li>${escaped(`${logicalId} ${sentence}`)}</li>`,
  );
  const table =
    rows.length === 0
      ? ""
      : `<table><tr><th>Change</th><th>Resource</th><th>Type</th><th>Properties</th></tr>${rows.join("")}</table>`;
  const list = widened.length === 0 ? "" : `<h3>Permissions added</h3><ul>${widened.join("")}</ul>`;
  const left = cut === undefined ? "" : `<p><strong>${escaped(cut)}</strong></p>`;
  return `<h2>${escaped(name)}: ${stateWords[state]}</h2>${left}${list}${table}`;
}

const stateWords = {
  new: "new stack",
  changed: "changed",
  unchanged: "no changes",
  later: "its change set follows after the approval",
} as const;

export function actionOf({ action, replacement }: ResourceChange): string {
  if (replacement === "True") return "Replace";
  return replacement === "Conditional" ? "Modify, or replace" : action;
}

export function propertyText({ path, before, after, hidden }: PropertyChange): string {
  if (hidden) return `${path}: (hidden, it may be a secret)`;
  if (before === undefined) return `${path}: ${after ?? "changed"}`;
  return `${path}: ${before} → ${after ?? "removed"}`;
}

const characters: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => characters[character] ?? "");
