/** Tests which messages on their way are equal. An exploration follows only one of two equal states. */
import { beforeAll, describe, expect, it } from "vitest";
import { functions } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { openSimulatedCloud, type Workshop } from "./cloud.ts";
import { pendingMessages, requestsOf } from "./pending-messages.ts";
import { createPlayer } from "./player.ts";
import { artifactOf } from "./uploads.ts";
import { testWorkshop } from "./workshop.ts";

const line: Line = { account: "121212121212", app: "shop", branch: "feature/a" };

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

const uploaded = async () => {
  const cloud = await openSimulatedCloud({ workshop });
  const player = createPlayer(cloud);
  const version = await player.upload(line, artifactOf("plain", 1));
  return {
    cloud,
    player,
    version,
    pending: (settled: readonly string[] = []) => pendingMessages(cloud, new Set(settled), true),
  };
};

describe("a message on its way", () => {
  it("a message in flight cannot be received, and can be once it is visible again", async () => {
    const { cloud, player, pending } = await uploaded();
    for (const name of [functions.route, functions.reconcile]) {
      const poll = cloud.base.polls.find((each) => each.of.name === name && player.canReceive(each));
      if (poll === undefined) return expect.unreachable(`There is no message for ${name}.`);
      const waiting = pending();
      const held = await player.receive(poll);
      expect(pending()).not.toEqual(waiting);
      for (const message of player.inFlight(poll)) await player.reappear(poll, message);
      expect(pending()).toEqual(waiting);
      await player.batch(poll, await player.receive(poll));
      expect(held).toHaveLength(1);
    }
    await cloud.stop();
  });

  it("a message about settled versions asks for no more than a reconciliation of the line", async () => {
    const { cloud, player, pending, version } = await uploaded();
    const intake = cloud.base.polls.find(player.canReceive);
    if (intake === undefined) return expect.unreachable("There is no message.");
    await player.batch(intake, await player.receive(intake));
    expect(JSON.stringify(pending())).toContain(version);
    expect(JSON.stringify(pending([version]))).not.toContain(version);
    await cloud.stop();
  });
});

describe("an event", () => {
  it("an event that comes twice is equal to one event, unless one of them may still be late", async () => {
    const { cloud, player } = await uploaded();
    const asks = () => player.events().find((each) => requestsOf(cloud, each).length > 0);
    while (asks() === undefined) {
      const [event] = player.events();
      const poll = cloud.base.polls.find(player.canReceive);
      if (event !== undefined) await player.handle(event.id);
      else if (poll !== undefined) await player.batch(poll, await player.receive(poll));
      else expect(await player.tick()).toBe(true);
    }
    const pending = () => [true, false].map((allInTime) => pendingMessages(cloud, new Set(), allInTime));
    const [once, exactlyOnce] = pending();
    player.double(asks()?.id ?? "");
    const [twice, exactlyTwice] = pending();
    expect(twice).toEqual(once);
    expect(exactlyTwice).not.toEqual(exactlyOnce);
    await cloud.stop();
  });
});
