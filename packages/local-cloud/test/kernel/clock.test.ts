import { describe, expect, it } from "vitest";
import { createClock } from "#cloud/kernel/clock.ts";

const start = new Date("2030-01-01T00:00:00Z");

describe("a frozen clock", () => {
  it("stands still until it is pushed", async () => {
    const clock = createClock({ frozen: true, start });
    expect(clock.now()).toEqual(start);
    await clock.push(7 * 24 * 3600_000);
    expect(clock.now()).toEqual(new Date("2030-01-08T00:00:00Z"));
  });

  it("runs the timers that fall due on the way, in order, each at its own time", async () => {
    const clock = createClock({ frozen: true, start });
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name}@${clock.now().getTime() - start.getTime()}`);
    clock.after(30, note("c"));
    clock.after(10, note("a"));
    clock.after(10, note("b"));
    clock.after(99, note("late"));
    await clock.push(50);
    expect(seen).toEqual(["a@10", "b@10", "c@30"]);
  });

  it("lets a timer set another that falls due within the same push", async () => {
    const clock = createClock({ frozen: true, start });
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now().getTime() - start.getTime());
      if (seen.length < 3) clock.after(10, tick);
    };
    clock.after(10, tick);
    await clock.push(100);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("forgets a cancelled timer", async () => {
    const clock = createClock({ frozen: true, start });
    let ran = false;
    clock
      .after(1, () => {
        ran = true;
      })
      .cancel();
    await clock.push(5);
    expect(ran).toBe(false);
    expect(clock.next()).toBeUndefined();
  });
});

describe("a running clock", () => {
  it("jumps ahead of the wall clock when pushed, and wakes sleepers", async () => {
    const clock = createClock();
    const before = Date.now();
    const slept = clock.sleep(3600_000);
    await clock.push(3600_000);
    await slept;
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(3600_000);
    clock.stop();
  });

  it("begins as far ahead as a push has said it was", async () => {
    let said = 0;
    const first = createClock({
      onPush: (ahead) => {
        said = ahead;
      },
    });
    first.after(500, () => expect(said).toBeGreaterThanOrEqual(400));
    await first.push(1000);
    const second = createClock({ ahead: said });
    expect(second.now().getTime() - Date.now()).toBeGreaterThan(900);
    first.stop();
    second.stop();
  });
});
