/** Tests which messages on their way are equal. An exploration follows only one of two equal states. */
import { beforeAll, describe, expect, it } from "vitest";
import { functions } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { openWorld, type Workshop } from "./cloud.ts";
import { looksOf, mailOf } from "./mail.ts";
import { createPlayer } from "./player.ts";
import { artifactOf } from "./uploads.ts";
import { testWorkshop } from "./workshop.ts";

const line: Line = { account: "121212121212", app: "shop", branch: "feature/a" };

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

const uploaded = async () => {
  const world = await openWorld({ workshop });
  const player = createPlayer(world);
  const version = await player.upload(line, artifactOf("plain", 1));
  return {
    world,
    player,
    version,
    mail: (settled: readonly string[] = []) => mailOf(world, new Set(settled), true),
  };
};

describe("a message on its way", () => {
  it("a message in flight cannot be received, and can be once it is visible again", async () => {
    const { world, player, mail } = await uploaded();
    for (const name of [functions.route, functions.reconcile]) {
      const poll = world.base.polls.find((each) => each.of.name === name && player.canReceive(each));
      if (poll === undefined) return expect.unreachable(`There is no message for ${name}.`);
      const waiting = mail();
      const held = await player.receive(poll);
      expect(mail()).not.toEqual(waiting);
      for (const message of player.inFlight(poll)) await player.reappear(poll, message);
      expect(mail()).toEqual(waiting);
      await player.batch(poll, await player.receive(poll));
      expect(held).toHaveLength(1);
    }
    await world.stop();
  });

  it("a message about settled versions asks for no more than a reconciliation of the line", async () => {
    const { world, player, mail, version } = await uploaded();
    const intake = world.base.polls.find(player.canReceive);
    if (intake === undefined) return expect.unreachable("There is no message.");
    await player.batch(intake, await player.receive(intake));
    expect(JSON.stringify(mail())).toContain(version);
    expect(JSON.stringify(mail([version]))).not.toContain(version);
    await world.stop();
  });
});

describe("an event", () => {
  it("an event that comes twice is equal to one event, unless one of them may still be late", async () => {
    const { world, player } = await uploaded();
    const asks = () => player.events().find((each) => looksOf(world, each).length > 0);
    while (asks() === undefined) {
      const [event] = player.events();
      const poll = world.base.polls.find(player.canReceive);
      if (event !== undefined) await player.handle(event.id);
      else if (poll !== undefined) await player.batch(poll, await player.receive(poll));
      else expect(await player.tick()).toBe(true);
    }
    const mail = () => [true, false].map((allInTime) => mailOf(world, new Set(), allInTime));
    const [once, exactlyOnce] = mail();
    player.double(asks()?.id ?? "");
    const [twice, exactlyTwice] = mail();
    expect(twice).toEqual(once);
    expect(exactlyTwice).not.toEqual(exactlyOnce);
    await world.stop();
  });
});
