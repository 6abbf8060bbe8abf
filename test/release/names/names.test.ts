import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  artifactFolder,
  artifactNames,
  codeOfFolder,
  codeOfLineName,
  formerPipelineName,
  lineCode,
  lineName,
  lineNameOfPipeline,
  outputsNamespace,
  pipelineName,
} from "#release/names/names.ts";
import {
  isStackOf,
  linesOfStackName,
  longStackName,
  memberName,
  stackName,
} from "#release/names/stack-names.ts";
import { tagValue } from "#release/names/tags.ts";
import { codeOf, shop } from "#test/release/samples.ts";

const line = fc.record({
  account: fc.stringMatching(/^\d{12}$/),
  app: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
  branch: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
});

describe("the name of a line", () => {
  it("is readable", () => {
    expect(lineName(shop)).toMatch(/^shop-main-[a-z2-7]{12}$/);
    const branch = "feature/JIRA-42/größe ändern";
    expect(lineName({ ...shop, app: "My Shop", branch })).toMatch(
      /^my-shop-feature-jira-42-grosse-a-[a-z2-7]{12}$/,
    );
  });

  it("never changes: it is in stacks that exist", () => {
    expect(lineName(shop)).toBe("shop-main-v6ijjfkrqqp6");
  });

  it("uses no letter that a later Unicode version could change", () => {
    // Outlined A came with Unicode 16: earlier runtimes do not know that it decomposes to a plain one.
    expect(lineName({ ...shop, app: "\u{1ccd6}pp" })).toMatch(/^pp-main-/);
    expect(lineName({ ...shop, app: "\ua7f1hop" })).toMatch(/^hop-main-/);
    expect(lineName({ ...shop, app: "ｓｈｏｐ" })).toMatch(/^shop-main-/);
  });

  it("is accepted by AWS for every line", () => {
    fc.assert(
      fc.property(line, (each) => {
        expect(lineName(each)).toMatch(/^[a-z][a-z0-9-]{0,57}$/);
        expect(lineName(each)).not.toMatch(/--|-$/);
        expect(pipelineName(each)).toMatch(/^[A-Za-z0-9.@_-]{1,100}$/);
        expect(longStackName("e".repeat(30), each)).toMatch(/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/);
        expect(stackName("e".repeat(30), each)).toMatch(/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,29}$/);
      }),
    );
  });

  it("differs for different lines", () => {
    fc.assert(
      fc.property(line, line, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(lineName(a)).not.toBe(lineName(b));
      }),
    );
  });

  it.each([
    ["case only", "Feature/A", "feature/a"],
    ["a slash moved", "feature/a-b", "feature-a/b"],
    ["Unicode normal forms", "caf\u00e9", "cafe\u0301"],
    ["what the slug drops", "fix/#12", "fix/12"],
    ["the end of a long name", `${"x".repeat(140)}1`, `${"x".repeat(140)}2`],
    ["a trailing blank", "main", "main "],
    ["look-alikes", "main", "mаin"],
  ])("differs when only %s differs", (_, a, b) => {
    expect(lineName({ ...shop, branch: a })).not.toBe(lineName({ ...shop, branch: b }));
  });

  it("distinguishes app and branch", () => {
    const one = { account: shop.account, app: "a", branch: "b/c" };
    const other = { account: shop.account, app: "a/b", branch: "c" };
    expect(lineName(one)).not.toBe(lineName(other));
  });
});

describe("names made of it", () => {
  const other = { ...shop, branch: "other" };

  it("names made of it lead back to the line", () => {
    expect(lineNameOfPipeline(pipelineName(shop))).toBe(lineName(shop));
    expect(lineNameOfPipeline(formerPipelineName(shop))).toBe(lineName(shop));
    expect(lineNameOfPipeline("another-pipeline")).toBeUndefined();
    expect(lineNameOfPipeline(pipelineName(shop).slice(0, 20))).toBeUndefined();
    expect(linesOfStackName(longStackName("qa", shop), ["dev", "qa"])).toEqual([lineName(shop)]);
    expect(linesOfStackName(stackName("qa", shop), ["dev", "qa"])).toEqual([lineCode(shop)]);
    expect(linesOfStackName(stackName("qa", shop), ["dev"])).toEqual([]);
    expect(codeOfFolder(artifactFolder(pipelineName(shop)))).toBe(lineCode(shop));
    expect(codeOfLineName(lineName(shop))).toBe(lineCode(shop));
    expect(linesOfStackName("kedge-anchor", ["dev", "qa"])).toEqual([]);
  });

  it("names made of it lead back to the line even where one environment's name begins another's", () => {
    const environments = ["prod", "prod-eu"];
    for (const environment of environments) {
      for (const line of [shop, { ...shop, app: "eu-shop" }]) {
        expect(linesOfStackName(longStackName(environment, line), environments)).toContain(lineName(line));
      }
    }
  });

  it("names made of it are rejected when an environment's name is too long for a stack", async () => {
    expect(await codeOf(() => longStackName("e".repeat(100), shop))).toBe("NameTooLong");
  });

  it.each([
    ["dev", "", "kedge-app-v6ijjfkrq-dev"],
    ["prod-eu", "", "kedge-app-v6ijjfkrq-prod-eu"],
    ["production", "", "kedge-app-v6ijjfkrq-production"],
    ["production-eu", "", expect.stringMatching(/^kedge-app-v6ijjfkrq-produ-[a-z2-7]{4}$/)],
    // It reads as a further stack of `prod`.
    ["prod-milan", "", expect.stringMatching(/^kedge-app-v6ijjfkrq-prodx-[a-z2-7]{4}$/)],
    ["prod", "orders-api", expect.stringMatching(/^kedge-app-v6ijjfkrq-prod-[a-z2-7]{5}$/)],
    ["prod-eu", "orders-api", expect.stringMatching(/^kedge-app-v6ijjfkrq-[a-z2-7]{4}-[a-z2-7]{5}$/)],
  ])("names made of it are short in stacks: %s, %j", (environment, id, expected) => {
    expect(stackName(environment, shop, id)).toEqual(expected);
  });

  it("names made of it tell the stacks of an application from stacks nested in them", () => {
    for (const named of [stackName, longStackName]) {
      const first = named("prod", shop);
      const further = named("prod", shop, "orders-api");
      expect(memberName(first, "orders-api")).toBe(further);
      expect([first, further].map((name) => isStackOf(name, first))).toEqual([true, true]);
      const others = [`${further}-Network-1M4XJ8ABCDEF`, named("prod-eu", shop), named("prod", other)];
      expect(others.map((name) => isStackOf(name, first))).toEqual([false, false, false]);
    }
  });

  it("names made of it are artifacts and namespaces that CodePipeline accepts", () => {
    expect(artifactNames.prepared("prod-eu")).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(outputsNamespace("prod-eu")).toMatch(/^[A-Za-z0-9@_-]+$/);
  });

  it("names made of it are readable tags that AWS accepts", () => {
    expect(tagValue("feature/JIRA-42/größe ändern")).toBe("feature/JIRA-42/größe ändern");
    expect(tagValue("fix/#12 (again)")).toBe("fix/_12 _again_");
    expect(tagValue("x".repeat(300))).toHaveLength(256);
    expect(tagValue(`${"x".repeat(255)}\u{1d49c}`)).toBe("x".repeat(255));
    expect(tagValue("aws:shop")).toBe("aws_shop");
  });
});
