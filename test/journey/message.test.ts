/** Reads messages about one line together. */
import { describe, expect, it } from "vitest";
import { nameInBody, type ReconcileRequest, readLineMessages } from "#journey/message.ts";
import { lineName } from "#release/names/names.ts";
import { shop } from "#test/release/samples.ts";

const read = (...requests: readonly ReconcileRequest[]): ReconcileRequest =>
  readLineMessages(requests.map((request) => JSON.stringify(request)));

describe("a message about a line", () => {
  it("is joined with the others to one request, which has the cause that reads most and all details", () => {
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

  it("stays as it is when it is the only message", () => {
    const request: ReconcileRequest = { cause: "upload", line: shop, versionId: "v1" };
    expect(read(request)).toEqual(request);
  });

  it("names the line of a message, and no line for a message that Kedge did not send", () => {
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
