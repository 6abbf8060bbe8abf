import { expect, test } from "vitest";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { conditionKeyOf, unprovenDuties } from "#release/estate/session-names.ts";

const estate = (more: string) => `region: us-east-1
central: "101010101010"
${more}
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: prod, account: "222222222222", order: 1, branches: [main], approval: true }
`;

const unproven = (more: string): readonly string[] =>
  parseEstate(estate(more)).anchors.flatMap((anchor) => unprovenDuties(anchor));

test("duties are proven without separateDuties, and with both session names pinned", () => {
  expect(unproven("")).toEqual([]);
  const pinned = "sessionNames: { uploaders: tag/kedge-subject, people: sourceIdentity }";
  expect(unproven(`separateDuties: true\n${pinned}`)).toEqual([]);
  expect(unproven(`separateDuties: true\nseparateAuthors: true\n${pinned}`)).toEqual([]);
});

test.for([
  ["separateDuties: true", ["sessionNames.uploaders", "sessionNames.people"]],
  ["separateDuties: true\nsessionNames: { people: sourceIdentity }", ["sessionNames.uploaders"]],
  ["separateAuthors: true", ["separateAuthors needs separateDuties"]],
] as const)("unprovenDuties explains what %s needs", ([more, sentences]) => {
  const found = unproven(more);
  expect(found).toHaveLength(sentences.length);
  for (const [index, sentence] of sentences.entries()) expect(found[index]).toContain(sentence);
});

test("an estate with another value to pin to is malformed", () => {
  expect(() => parseEstate(estate("sessionNames: { people: userName }"))).toThrow(/sourceIdentity, or tag/);
});

test("conditionKeyOf names the condition key of IAM", () => {
  expect(conditionKeyOf("sourceIdentity")).toBe("aws:SourceIdentity");
  expect(conditionKeyOf("tag/kedge-person")).toBe("aws:PrincipalTag/kedge-person");
});
