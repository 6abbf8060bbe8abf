/** Messages about one line, read together. */
import { describe, expect, it } from "vitest";
import { type LookAt, nameInBody, readLineMessages } from "#journey/message.ts";
import { lineName } from "#release/names/names.ts";
import { shop } from "#test/release/samples.ts";

const read = (...looks: readonly LookAt[]): LookAt =>
  readLineMessages(looks.map((look) => JSON.stringify(look)));

describe("messages about one line", () => {
  it("are one look for the reason that makes it look closest, and lose nothing they tell", () => {
    const line = shop;
    expect(
      read(
        { cause: "stack", lineName: lineName(line) },
        { cause: "upload", line, versionId: "v1" },
        { cause: "pipeline", line, executionId: "e1" },
        { cause: "upload", line, versionId: "v2" },
      ),
    ).toEqual({
      cause: "upload",
      line,
      also: [
        { cause: "upload", versionId: "v1" },
        { cause: "pipeline", executionId: "e1" },
        { cause: "upload", versionId: "v2" },
      ],
    });
    expect(read({ cause: "turn", line }, { cause: "sweep", line }).cause).toBe("sweep");
  });

  it("stay as they are where there is but one", () => {
    const look: LookAt = { cause: "upload", line: shop, versionId: "v1" };
    expect(read(look)).toEqual(look);
  });

  it("name their line; what nobody of ours has sent names none", () => {
    expect(nameInBody(JSON.stringify({ cause: "sweep", line: shop }))).toBe(lineName(shop));
    for (const body of [
      "no JSON",
      "{}",
      JSON.stringify({ cause: "sweep" }),
      JSON.stringify({ cause: "x", line: shop }),
    ])
      expect(nameInBody(body)).toBeUndefined();
  });
});
