/** Renders a review for the terminal: one screen first, the details below. */
import { formatKey } from "#release/names/key.ts";
import { shownLine } from "#release/people/shown-name.ts";
import type { Names } from "#release/people/shown-person.ts";
import type { Review, ReviewedStack } from "./review.ts";
import { actionOf, factsOf, findingLines, propertyText, releaseLine } from "./review-page.ts";

export function reviewText(review: Review, names: Names = {}): string {
  const { clearance, summary, stacks, releases = [] } = review;
  const facts = factsOf(review, names);
  const findings = findingLines(review);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${formatKey(clearance.line)} to ${clearance.environment}`,
    ...summary.map((sentence) => `  - ${sentence}`),
    "",
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(releases.length === 0 ? [] : ["", `Last releases of ${clearance.environment}`]),
    ...releases.map((release) => `  ${releaseLine(release, names)}`),
    ...(findings.length === 0 ? [] : ["", "Findings"]),
    ...findings.map((line) => `  ${line}`),
    ...stacks.flatMap(stackLines),
  ]
    .map(shownLine)
    .join("\n");
}

const stackLines = ({ name, state, changes, widenings, cut }: ReviewedStack): readonly string[] => [
  "",
  `${name} (${state})`,
  ...(cut === undefined ? [] : [`  ${cut}`]),
  ...changes.flatMap((change) => [
    `  ${actionOf(change)} ${change.logicalId} (${change.type})`,
    ...change.properties.map((property) => `    ${propertyText(property)}`),
  ]),
  ...widenings.map(({ logicalId, sentence }) => `  ${logicalId} ${sentence}`),
];
