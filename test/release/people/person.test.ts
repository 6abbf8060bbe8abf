import { expect, test } from "vitest";
import {
  authorNamed,
  comparableName,
  isPersonId,
  peopleKeys,
  personId,
  personOf,
} from "#release/people/person.ts";
import { shownName } from "#release/people/shown-name.ts";

const ann = personOf({ kind: "session", role: "kedge-ci", name: "Ann@example.com" });

test("a session and an author with the same name have the same key and the same id", () => {
  const author = authorNamed("Ann Example <ann@EXAMPLE.com>");
  expect(peopleKeys.key("111111111111", author)).toBe(peopleKeys.key("111111111111", ann));
  expect(personId(author, "r")).toBe(personId(ann, "r"));
});

test("a user and a session with the same name are two persons", () => {
  const user = personOf({ kind: "user", name: "ann@example.com" });
  expect(peopleKeys.key("111111111111", user)).not.toBe(peopleKeys.key("111111111111", ann));
});

test("an id depends on the random text and does not contain the name", () => {
  expect(personId(ann, "one")).not.toBe(personId(ann, "two"));
  expect(isPersonId(personId(ann, "one"))).toBe(true);
  expect(personId(ann, "one")).not.toContain("ann");
});

test("comparableName takes the address of an author", () => {
  expect(comparableName(" Bob <BOB@x.org> ")).toBe("bob@x.org");
});

test("shownName escapes control characters and bounds the length", () => {
  expect(shownName("bob\u001b[31m\u202e")).toBe("bob\\u{1b}[31m\\u{202e}");
  expect(shownName("b".repeat(500))).toHaveLength(101);
});
