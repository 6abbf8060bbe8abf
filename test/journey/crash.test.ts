/**
 * A line comes to the same end when a Lambda dies at any call, and when events come twice or in another
 * order.
 */
import { describe, expect, it } from "vitest";
import type { Line } from "#release/names/key.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { type FakeAnchor, fakeAnchor } from "#test/support/fakes/anchor.ts";
import { type Executioner, Killed } from "#test/support/fakes/killing.ts";

const line: Line = { account: "111111111111", app: "shop", branch: "main" };
const topic = await zipOf({ "template.yaml": topicTemplate("Topic") });
const tested = await zipOf({ "template.yaml": topicTemplate("Topic"), "smoke-test.sh": "true" });
const nothing = new Uint8Array(0);

const stories: Readonly<Record<string, readonly (Uint8Array | "approve")[]>> = {
  "a release": [topic, "approve"],
  "a release and the next": [topic, "approve", topic, "approve"],
  "a changed plan": [topic, "approve", tested, "approve"],
  "an overtaken approval": [topic, tested, "approve"],
  "a refused artifact": [topic, "approve", Buffer.from("no zip")],
  "a teardown": [topic, "approve", nothing],
  "a teardown during a release, and a return": [topic, nothing, topic, "approve"],
};

async function play(
  story: readonly (Uint8Array | "approve")[],
  settle: (anchor: FakeAnchor) => Promise<void>,
): Promise<FakeAnchor> {
  const anchor = fakeAnchor();
  for (const chapter of story) {
    if (chapter === "approve") anchor.pipelines.approveAll();
    else anchor.upload(line, chapter);
    if (chapter === "approve") anchor.enqueue(line);
    await settle(anchor);
  }
  return anchor;
}

/** The end of a story as the outside sees it. */
const endOf = (anchor: FakeAnchor) => ({
  latest: [anchor.latest(line)?.version, anchor.latest(line)?.status, anchor.latest(line)?.reason.code],
  results: [...anchor.results.objects]
    .filter(([key]) => !key.endsWith("latest.json"))
    .map(([key, json]) => `${key} ${(JSON.parse(json) as { status: string }).status}`)
    .sort(),
  stacks: [...anchor.applications.stacks].map(([at, { status }]) => `${at} ${status}`).sort(),
  pipelines: anchor.pipelines.pipelines.size,
  remembered: [...anchor.cache.objects.keys()].sort(),
});

/** Returns the versions that were started twice. The stories start each upload's version once. */
const startedTwice = ({ pipelines }: FakeAnchor): readonly string[] =>
  pipelines.started.filter((version, index) => pipelines.started.indexOf(version) !== index);

describe.each(Object.keys(stories))("%s", (name) => {
  const story = stories[name] ?? [];

  it.each(["before", "after"] as const)(
    "ends the same when a Lambda dies %s any one of its calls",
    async (when) => {
      const counting: Executioner = { calls: 0, at: -1, when };
      const undisturbed = await play(story, (anchor) => anchor.settle(counting));
      expect(startedTwice(undisturbed)).toEqual([]);
      for (let at = 1; at <= counting.calls; at += 1) {
        const executioner: Executioner = { calls: 0, at, when };
        const deaths: unknown[] = [];
        const disturbed = await play(story, (anchor) =>
          anchor.settle(executioner, (error) => {
            if (!(error instanceof Killed)) throw error;
            deaths.push(error);
          }),
        );
        expect(deaths, `call ${at}`).toHaveLength(1);
        expect(endOf(disturbed), `killed ${when} call ${at}`).toEqual(endOf(undisturbed));
        expect(startedTwice(disturbed), `killed ${when} call ${at}`).toEqual([]);
      }
    },
    60_000, // plays as many stories as the story has calls
  );

  it("ends the same when every message comes twice", async () => {
    const doubled = await play(story, async (anchor) => {
      for (let rounds = 0; rounds < 500; rounds += 1) {
        const [first] = anchor.queue;
        if (first !== undefined) {
          await anchor.deliver();
          anchor.queue.unshift(first);
          await anchor.deliver();
        } else if (!anchor.happen()) return;
      }
    });
    expect(endOf(doubled)).toEqual(endOf(await play(story, (anchor) => anchor.settle())));
    expect(startedTwice(doubled)).toEqual([]);
  });

  it("ends the same when messages pile up and come newest first", async () => {
    const swapped = await play(story, async (anchor) => {
      for (let rounds = 0; rounds < 500; rounds += 1) {
        const happened = anchor.happen() && anchor.happen();
        anchor.queue.reverse();
        while (anchor.queue.length > 0) await anchor.deliver();
        if (!happened && !anchor.happen()) return;
      }
    });
    expect(endOf(swapped)).toEqual(endOf(await play(story, (anchor) => anchor.settle())));
  });

  it("ends the same when every event is lost and only the hourly resync comes", async () => {
    const resynced = await play(story, async (anchor) => {
      for (let quiet = 0; quiet < 3; ) {
        anchor.queue.length = 0;
        anchor.push({ cause: "sweep", line });
        await anchor.deliver();
        quiet = anchor.happen() ? 0 : quiet + 1;
      }
      anchor.queue.length = 0;
    });
    expect(endOf(resynced)).toEqual(endOf(await play(story, (anchor) => anchor.settle())));
  });
});
