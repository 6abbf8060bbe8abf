/** Runs the check of `npm run words` over the repository, and tests its rules by tables of plain and unplain rows. */
import { describe, expect, it } from "vitest";
import { bannedInName, bannedInProse } from "./banned-names.ts";
import { lowered, readCeilings, risesOf } from "./ceilings.ts";
import { declaredNames } from "./declared-names.ts";
import { folderOf } from "./folders.ts";
import { leansOnIndefinite, mentionsIndefinite } from "./indefinite.ts";
import { markdownSentences } from "./markdown.ts";
import { measure, trackedFiles } from "./measure.ts";
import { parseFile } from "./parsed-file.ts";
import { isPlainTitle } from "./plain-title.ts";
import { riseText } from "./report-text.ts";
import { sentencesOf } from "./sentences.ts";
import { titlesIn } from "./titles.ts";

describe("the repository", () => {
  it("has no count above its ceiling", { timeout: 60_000 }, () => {
    const report = measure(trackedFiles());
    const rises = risesOf(report, readCeilings());
    expect(rises.map((rise) => riseText(rise, report.offenders, new Set()))).toEqual([]);
  });
});

describe("an indefinite subject", () => {
  const leans = (text: string): boolean => sentencesOf(text).some(leansOnIndefinite);

  it.each([
    "Nobody may delete a version.",
    "The line waits until somebody approves.",
    "Read by everyone who may list the bucket.",
    "What is told of a line.",
    "The name is made from what was seen.",
    "Whatever the estate says, the name stays.",
    "Which line a name is of.",
    "Writes the body: who may read it and when.",
    "Whose fault it is.",
    "Whether the line waits.",
    "When the stack was deleted, and by which version.",
    "Those of the parameters that exist.",
    "Wakes those that wait.",
    "Removes all that was made.",
    "That which remains is kept.",
    "One that cannot be read is written anew.",
    "The one behind it waits.",
    "Fails when one has no id.",
    "Nothing is lost.",
    "Stops as soon as anything fails.",
    "Everything else waits.",
    "Wakes the others.",
    "Each waits for its turn.",
    "Both are removed.",
    "Lets one thing happen.",
    "Removes the stack, lest it blocks the line.",
    "@param line what is released",
  ])("finds one in %j", (text) => expect(leans(text)).toBe(true));

  it.each([
    "An operator may delete a version.",
    "The line waits until an approver answers.",
    "Decides what to do next.",
    "Returns each line that waits.",
    "Reads all lines and some marks, one line at a time.",
    "Replaces the old one.",
    "Does nothing for a missing key.",
    "Returns one of the two stacks, or none.",
    "The bucket, which belongs to the anchor, is private.",
    "The bucket (which is private) holds results.",
    "When the queue is full, the line waits.",
    "Where a bucket has versions, the call answers the newest.",
    "The ids are those of the stacks.",
    "Shows both stacks to other accounts.",
    'Rejects the text "nobody knows".',
    "Calls `everyone.who()` once.",
    "@param line the line that is released",
    "Runs a what-if analysis.",
  ])("finds none in %j", (text) => expect(leans(text)).toBe(false));

  it("is narrower than the mention of an indefinite word", () => {
    const [sentence] = sentencesOf("Returns each line.");
    expect(sentence && mentionsIndefinite(sentence)).toBe(true);
  });
});

describe("a title", () => {
  it.each([
    "returns 404 for a missing key",
    "is refused",
    "never widens by a boundary",
    "may be empty",
    "no longer knows a deleted role",
    "names resources wherever IAM knows any",
    "changes a role's policies",
    "%s is refused",
    "$name keeps every policy below AWS's limit",
    "a line whose anchor has left the estate is refused",
    "a change set that a stop interrupted is compared after the restart",
    "two lines share a bucket",
    "an existing function gets the code",
    "reject ends a release",
    "when the queue is full, the line waits",
    "encrypted objects are copied",
    "a line that waits is removed",
    "`kedge push` follows a release to its end",
    "a CI doesn't read other results",
  ])("is plain as %j", (title) => expect(isPlainTitle(title)).toBe(true));

  it.each([
    "of a malformed key has no line, of an unknown account it has",
    "a zip in a zip",
    "a zip that is in a zip",
    "that refuses one of the messages is an error",
    "what is told of a line is kept",
    "whose state is none is refused",
    "when its head says so",
    "and lives is left alone",
    "nobody waits",
    "are refused with a wrong secret",
    "hold objects, also in lists",
    "sign with their keys",
    "names of two lines",
    "named twice is one asset",
    "a stack of updates",
    "a queue with two uploads",
    "%s: %s",
    "the caller's account and the identity",
    "",
  ])("is a fragment as %j", (title) => expect(isPlainTitle(title)).toBe(false));
});

describe("titlesIn", () => {
  const titles = (code: string): readonly string[] =>
    titlesIn(parseFile("a.test.ts", `import { describe, it, test as check } from "vitest";\n${code}`)).map(
      ({ text }) => text,
    );

  it.each([
    ['it("a", f)', ["a"]],
    ['it.concurrent("a", f); it.skipIf(x)("b", f); check.only("c", f)', ["a", "b", "c"]],
    ["it(`a $" + "{b} c`, f)", ["a %s c"]],
    ['it.each([["a", 1]])("%s is refused", f)', ["%s is refused"]],
    ['it.each([["a", 1], ["b", 2]])("%s", f)', ["a", "b"]],
    ['const rows = [{ name: "a" }] as const; it.each(rows)("$name", f)', ["a"]],
    ['it.each(rows())("%s", f)', ["%s"]],
    ['describe("a", f); test("b", f)', []],
  ])("finds the titles of %j", (code, expected) => expect(titles(code)).toEqual(expected));
});

describe("the table of banned words", () => {
  it.each([
    ["lookAhead", "lib/journey/a.ts", "look"],
    ["toldOf", "simulation/a.ts", "tell"],
    ["Berth", "local-cloud/a.ts", "berth"],
    ["MAX_MARKS", "bin/a.ts", "mark"],
    ["give-up", "lib/journey/give-up.ts", "give up"],
    ["close", "lib/journey/ports.ts", "close"],
    ["close", "bin/a.ts", undefined],
    ["partNumber", "packages/local-cloud/src/services/s3/a.ts", undefined],
    ["parts", "lib/journey/a.ts", "part"],
    ["lookUp", "bin/a.ts", undefined],
    ["sweep", "bin/commands/sweep.ts", undefined],
    ["sweep", "lib/journey/sweep.ts", "sweep"],
    ["benchmark", "bench/a.ts", undefined],
    ["placeholder", "bin/a.ts", undefined],
  ])("judges the name %s of %s as %s", (name, path, expected) =>
    expect(bannedInName(name, path)?.words[0]).toBe(expected),
  );

  it("bans few words in text", () => {
    expect(bannedInProse("The result is told.")?.words[0]).toBe("tell");
    expect(bannedInProse("A part of the text.")).toBeUndefined();
  });
});

describe("a declared name", () => {
  it.each([
    ["const { a, b: c, ...d } = e; let [f] = g;", ["c", "d", "f"]],
    ["function f(a: number, { b }: X = {}) {}", ["f", "a"]],
    ["type A<B> = { c: D; readonly e: (f: G) => void; h(i: J): K };", ["A", "B", "c", "e", "f", "h", "i"]],
    ["class A { b = 1; c() {} #d = 2 }", ["A", "b", "c"]],
    ['import { a, b as c } from "d"; import * as e from "f";', ["c", "e"]],
    ["const a = { b: 1, c: () => 2, d() {} };", ["a", "c", "d"]],
    ["try {} catch (error) {}", ["error"]],
    ["a.b = Math.floor(c);", []],
  ])("is found in %s", (code, expected) => {
    const names = declaredNames(parseFile("lib/some-file.test.ts", code)).map(({ name }) => name);
    expect(names).toEqual(["some-file", ...expected]);
  });
});

describe("a comment", () => {
  const comments = (source: string) => parseFile("a.ts", source).comments;

  it("is a block or a run of adjacent lines", () => {
    const source = "/**\n * One\n * block.\n */\n// two\n// lines\n\n// apart\nf(); // end\ng(); // other\n";
    expect(comments(source).map(({ line }) => line)).toEqual([1, 5, 8, 9, 10]);
    expect(comments(source)[1]?.text).toBe("two\n lines");
  });

  it("has the reason of a lint exception as its text", () => {
    expect(comments("// biome-ignore lint/a/b: the SDK throws\n// @ts-expect-error\n")[0]?.text).toBe(
      "the SDK throws",
    );
    expect(comments("/* @ts-expect-error */")).toEqual([]);
  });

  it("is not found in a string", () => expect(comments('f("// no");')).toEqual([]));
});

describe("Markdown", () => {
  it("gives sentences with their lines, without headings and code", () => {
    const source =
      "# What it is\n\nA line. A\nstack.\n\n```sh\nnobody\n```\n\n- An item\n\n| a | b |\n|---|---|\n| c | d |\n";
    expect(markdownSentences(source).map(({ text, line }) => `${line} ${text}`)).toEqual([
      ...["3 A line", "3 A stack", "10 An item", "12 a", "12 b", "14 c", "14 d"],
    ]);
  });
});

describe("a folder", () => {
  it.each([
    ["lib/release/key.ts", "lib/release"],
    ["lib/access/check.ts", "lib/access"],
    ["packages/local-cloud/src/gateway.ts", "packages/local-cloud/src"],
    ["packages/local-cloud/test/s3/a.test.ts", "packages/local-cloud/test"],
    ["test/simulation/run.ts", "test/simulation"],
    ["test/release/a.test.ts", "test"],
    ["vitest.config.ts", "other"],
    ["lib/release/README.md", "docs"],
  ])("has %s in %s", (path, folder) => expect(folderOf(path)).toBe(folder));
});

describe("a ceiling", () => {
  const clean = { path: "bin/a.ts", source: "// An operator approves.\nconst a = 1;" };
  const unplain = { path: "bin/b.ts", source: "// Nobody approves.\nconst told = 1;" };

  it("is broken by a count above it", () => {
    const report = measure([clean, unplain]);
    expect(risesOf(report, { bin: { comments: 1, indefinite: 0, fragments: 0, banned: 1 } })).toEqual([
      { folder: "bin", kind: "indefinite", count: 1, ceiling: 0 },
    ]);
    expect(report.offenders.filter(({ kind }) => kind !== "mentions")).toMatchObject([
      { kind: "indefinite", path: "bin/b.ts", line: 1 },
      { kind: "banned", path: "bin/b.ts", line: 2 },
    ]);
  });

  it("is zero for a folder that has none", () => {
    expect(risesOf(measure([unplain]), {}).map(({ kind }) => kind)).toEqual(["indefinite", "banned"]);
  });

  it("is the count when there are no ceilings yet", () => {
    expect(lowered(measure([unplain]), undefined)).toEqual({
      bin: { comments: 1, indefinite: 1, fragments: 0, banned: 1 },
    });
  });

  it("falls to its count and never rises", () => {
    const ceilings = { bin: { comments: 9, indefinite: 0, fragments: 0, banned: 5 } };
    expect(lowered(measure([clean, unplain]), ceilings)).toEqual({
      bin: { comments: 2, indefinite: 0, fragments: 0, banned: 1 },
    });
  });
});
