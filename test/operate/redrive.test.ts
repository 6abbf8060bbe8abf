/** Tests dead letters: the reason of each, and the move back. */
import { describe, expect, it } from "vitest";
import { lineMessage } from "#journey/message.ts";
import { explainDeadLetters, redrive } from "#operate/redrive.ts";
import { formatKey } from "#release/names/key.ts";
import { shop as line } from "#test/release/samples.ts";
import { fakeTime, memoryDeadLetters } from "#test/support/fakes/operators.ts";
import { memoryResults } from "#test/support/fakes/storage.ts";
import { operateCodeOf } from "./operate-code.ts";
import { resultOf, writeResult } from "./results.ts";

const letter = (body: string) => ({ id: "1", sentAt: "2026-01-01T00:00:00.000Z", body });
const aboutLine = lineMessage({ cause: "upload", line }, "main", "event").body;
const upload = JSON.stringify({
  ...{ source: "aws.s3", "detail-type": "Object Created", time: "2026-01-01T00:00:00Z" },
  detail: { bucket: { name: "b" }, object: { key: formatKey(line), "version-id": "version-1" } },
});

async function explained(queue: "lines" | "intake", body: string, withResult: boolean) {
  const deadLetters = memoryDeadLetters();
  deadLetters.messages.push(letter(body));
  const results = memoryResults();
  if (withResult) await writeResult(results, line, resultOf(line, "failed"));
  return (await explainDeadLetters({ deadLetters, results: () => results }, queue))[0];
}

describe("explainDeadLetters", () => {
  it.each([
    ["lines", aboutLine],
    ["intake", upload],
  ] as const)("explains a message of %s by its result", async (queue, body) => {
    expect(await explained(queue, body, true)).toMatchObject({
      about: formatKey(line),
      why: "SmokeTestFailed: It is failed.",
    });
  });

  it.each([
    ["lines", aboutLine, "There is no result."],
    ["intake", upload, "There is no result; the log of kedge-route says why."],
  ] as const)("says that a message of %s has no result", async (queue, body, why) => {
    expect(await explained(queue, body, false)).toMatchObject({ about: formatKey(line), why });
  });

  it("shows the beginning of a message that cannot be read", async () => {
    expect(await explained("lines", "no json", false)).toMatchObject({ about: "no json" });
    expect(await explained("intake", "no json", false)).toMatchObject({
      about: "no json",
      why: "No upload: the message cannot be read.",
    });
  });
});

describe("redrive", () => {
  it("moves all messages back and returns their number", async () => {
    const deadLetters = memoryDeadLetters();
    deadLetters.messages.push(letter("a"), letter("b"));
    expect(await redrive({ deadLetters, wait: fakeTime().wait }, { pollMs: 1 })).toBe(2);
    expect(deadLetters.movedBack).toEqual(["a", "b"]);
  });

  it("waits while the move is running", async () => {
    const states = ["running", "running", "completed"] as const;
    let asked = 0;
    const deadLetters = {
      ...memoryDeadLetters(),
      moveState: async () => ({ state: states[asked++] ?? "completed", moved: asked }),
    };
    expect(await redrive({ deadLetters, wait: fakeTime().wait }, { pollMs: 1 })).toBe(3);
  });

  it("throws MoveFailed when SQS ends the move early", async () => {
    const moveState = async () => ({ state: "ended", moved: 1, status: "FAILED" }) as const;
    const deadLetters = { ...memoryDeadLetters(), moveState };
    const order = () => redrive({ deadLetters, wait: fakeTime().wait }, { pollMs: 1 });
    expect(await operateCodeOf(order)).toBe("MoveFailed");
  });
});
