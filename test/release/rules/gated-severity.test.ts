/** Tests that rules about inputs which an approval clears follow the approval of the environment. */
import { describe, expect, it } from "vitest";
import { severitiesFor } from "#release/rules/rule-settings.ts";

describe("the rules about inputs that an approval clears", () => {
  it.each(["setting-unpinned", "image-unpinned"] as const)(
    "%s refuses in an environment with an approval",
    (id) => {
      expect(severitiesFor({ approval: true, protected: false })[id]).toBe("refuse");
      expect(severitiesFor({ approval: false, protected: true })[id]).toBe("refuse");
      expect(severitiesFor({ approval: false, protected: false })[id]).not.toBe("refuse");
    },
  );

  it("takes the severity of the estate first", () => {
    const rules = { "image-unpinned": "warn" } as const;
    expect(severitiesFor({ approval: true, protected: false, rules })["image-unpinned"]).toBe("warn");
  });
});

it("another rule does not follow the approval", () => {
  expect(severitiesFor({ approval: true, protected: false })["bucket-public"]).toBe("warn");
});
