/** Tests the comparison of two estates: each field of the estate file has an answer, and each answer a case. */
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "#release/document/shape.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { estateShape } from "#release/estate/estate-shape.ts";
import { loosenings } from "#release/estate/loosening/loosenings.ts";
import { gates, noGates } from "./loosening-answers.ts";
import { edited, strict } from "./loosening-estates.ts";

/** The paths of all fields, without the names in maps and the positions in lists. */
function fieldsOf(schema: JsonSchema, path: readonly string[] = []): readonly string[] {
  const { properties, items, additionalProperties } = schema as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema;
    readonly additionalProperties?: JsonSchema | false;
  };
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([name, field]) => fieldsOf(field, [...path, name]));
  if (items !== undefined) return fieldsOf(items, path);
  if (additionalProperties) return fieldsOf(additionalProperties, path);
  return [path.join(".")];
}

const answered = [...Object.keys(gates), ...Object.keys(noGates)];
const answers = (field: string): readonly string[] =>
  answered.filter((path) => field === path || field.startsWith(`${path}.`));

const compare = (was: unknown, now: unknown) =>
  loosenings(parseEstate(JSON.stringify(was)), parseEstate(JSON.stringify(now)));

describe("each field of the estate file", () => {
  it("has one answer to the question whether a change of it can loosen a gate", () => {
    const fields = [...new Set(fieldsOf(estateShape.schema))];
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter((field) => answers(field).length !== 1)).toEqual([]);
  });

  it("is in the schema when it has an answer", () => {
    const fields = fieldsOf(estateShape.schema);
    expect(answered.filter((path) => !fields.some((field) => answers(field).includes(path)))).toEqual([]);
  });
});

describe("loosenings", () => {
  for (const [field, { edit, setting, was, becomes, reverse }] of Object.entries(gates)) {
    it(`reports a change of ${field} that protects less`, () => {
      const found = compare(strict, edited(edit)).filter((each) => each.setting === setting);
      expect(found.map((each) => [each.was, each.becomes])).toContainEqual([was, becomes]);
    });

    it(`reports ${reverse === "also" ? "also" : "no"} change of ${field} in the other direction`, () => {
      const found = compare(edited(edit), strict).filter((each) => each.setting === setting);
      expect(found.length).toBe(reverse === "also" ? 1 : 0);
    });
  }

  it("reports nothing for the same estate", () => {
    expect(compare(strict, strict)).toEqual([]);
  });

  it("reports nothing for a new anchor", () => {
    const more = edited((estate) => {
      estate.anchors["bank"] = { account: "121212121212", environments: [dev("232323232323")] };
    });
    expect(compare(strict, more)).toEqual([]);
  });

  it("reports a new account, because the rules of the anchor then trust it", () => {
    const more = edited((estate) => {
      estate.anchors.shop.environments.push(
        Object.assign(dev("999988887777"), { name: "partner", order: 2, branches: ["main"] }),
      );
    });
    expect(compare(strict, more)).toEqual([
      {
        setting: "anchors.environments.account",
        at: "shop/partner",
        was: "nothing",
        becomes: "999988887777",
      },
    ]);
  });

  it("reports an account that keeps no approval under a new name", () => {
    const renamed = edited((estate) => {
      Object.assign(estate.anchors.shop.environments[1] ?? {}, { name: "live", approval: false });
    });
    expect(compare(strict, renamed).map(({ setting, at }) => [setting, at])).toEqual([
      ["anchors.environments.approval", "shop/prod"],
    ]);
  });

  it("reports two environments that swap their accounts", () => {
    const swapped = edited(({ anchors: { shop } }) => {
      Object.assign(shop.environments[0] ?? {}, { account: "444444444444" });
      Object.assign(shop.environments[1] ?? {}, { account: "222222222222" });
    });
    expect(compare(strict, swapped).map(({ setting, at }) => [setting, at])).toContainEqual([
      "anchors.environments.approval",
      "shop/prod",
    ]);
  });

  it("reports each gated environment of an anchor that is removed", () => {
    const none = edited((estate) => {
      estate.anchors = { bank: { account: "121212121212", environments: [dev("232323232323")] } } as never;
    });
    expect(compare(strict, none)).toEqual([
      { setting: "anchors.environments.name", at: "shop/prod", was: "prod", becomes: "nothing" },
    ]);
  });

  it.each([
    [["main", "release/*"], ["main"], false],
    [["main"], ["main", "!main"], false],
    [["**", "!feature/*"], ["**", "!old/*", "!feature/*"], false],
    [["main", "!x"], ["!x"], false],
    [["main"], ["main", "release/*"], true],
    [["**", "!feature/*"], ["**"], true],
    [["!x", "**"], ["**", "!x"], true],
    [["**", "!x"], ["!x", "**"], true],
    [["main"], ["*"], true],
  ])("takes the branches %j to %j as wider: %s", (was, becomes, wider) => {
    const withBranches = (branches: readonly string[]) =>
      edited(({ anchors: { shop } }) => Object.assign(shop.environments[1] ?? {}, { branches }));
    const found = compare(withBranches(was), withBranches(becomes));
    expect(found.map(({ setting }) => setting)).toEqual(wider ? ["anchors.environments.branches"] : []);
  });
});

const dev = (account: string) => ({ name: "dev", account, order: 1, branches: ["**"] });
