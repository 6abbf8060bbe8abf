/** Tests the governor: it selects the lines that get a slot from slot records alone. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BranchClass, branchClasses } from "#release/estate/branch-class.ts";
import {
  admissionOf,
  admittedLines,
  blockerOf,
  type Contender,
  type QueueState,
  type Rules,
} from "#release/line/governor.ts";
import { readSlotRecord, type SlotRecord, slotRecordKey } from "#release/line/slot-records.ts";

const rules: Rules = {
  pace: { releases: 3, hotfixes: 2, pipelines: 10, ageingMinutes: 30 },
  teams: [{ name: "payments", apps: ["pay-*"], concurrent: 1 }],
};
const at = (minute: number): string => `2026-11-21T08:${String(minute).padStart(2, "0")}:00.000Z`;
const line = (name: string, of: BranchClass, minute = 0, more: Partial<Contender> = {}): Contender => ({
  name,
  class: of,
  creates: false,
  since: at(minute),
  ...more,
});
const queueState = (
  waiting: readonly Contender[],
  running: readonly Contender[] = [],
  more: Partial<QueueState> = {},
): QueueState => ({
  waiting,
  running,
  pipelines: new Set(),
  agedSince: at(0).replace("T08", "T07"),
  ...more,
});
const names = (lines: readonly Contender[]): string => lines.map(({ name }) => name).join(" ");
const busy = (...of: readonly BranchClass[]) => of.map((each, index) => line(`busy-${index}`, each));

describe("free slots", () => {
  it("free slots go to hotfixes, then to main, then to features, and in a class to the longest wait", () => {
    const waiting = [
      line("f1", "feature", 1),
      line("m2", "main", 2),
      line("h3", "hotfix", 3),
      line("m1", "main", 1),
    ];
    expect(names(admittedLines(queueState(waiting), rules))).toBe("h3 m1 m2 f1");
    expect(names(admittedLines(queueState(waiting, busy("feature", "feature")), rules))).toBe("h3 m1");
    expect(admissionOf("f1", queueState(waiting, busy("feature", "feature")), rules)).toEqual({
      may: false,
      position: 4,
      blockedBy: "slot",
    });
  });

  it("free slots are never all taken by other lines: a hotfix starts at once", () => {
    const full = busy("feature", "main", "feature");
    expect(admittedLines(queueState([line("m", "main"), line("f", "feature")], full), rules)).toEqual([]);
    expect(names(admittedLines(queueState([line("h", "hotfix")], full), rules))).toBe("h");
  });

  it("free slots are limited for hotfixes by the estate alone, for any other work", () => {
    const waiting = [line("h1", "hotfix"), line("h2", "hotfix", 1), line("h3", "hotfix", 2)];
    expect(names(admittedLines(queueState(waiting, busy("feature", "main", "main")), rules))).toBe("h1 h2");
  });

  it("free slots are never all taken by hotfixes either", () => {
    const flood = busy("hotfix", "hotfix", "hotfix");
    expect(names(admittedLines(queueState([line("h", "hotfix"), line("f", "feature")], flood), rules))).toBe(
      "f",
    );
  });

  it("free slots go to a feature that has waited long enough as if it were main, but never before a hotfix", () => {
    const waiting = [line("f", "feature", 1), line("m", "main", 2), line("h", "hotfix", 40)];
    const aged = queueState(waiting, busy("feature"), { agedSince: at(10) });
    expect(names(admittedLines(aged, rules))).toBe("h f m");
  });

  it("free slots are not counted twice for a line that already runs", () => {
    const mine = line("m", "main");
    expect(admittedLines(queueState([mine], [mine]), rules)).toEqual([]);
    expect(blockerOf(mine, [mine, ...busy("main", "main")], new Set(), rules)).toBeUndefined();
  });
});

describe("a team's cap", () => {
  const pay = { team: "payments" };

  it("blocks its lines, and lets other lines pass", () => {
    const waiting = [line("p", "main", 0, pay), line("f", "feature", 5)];
    const held = queueState(waiting, [line("q", "feature", 0, pay)]);
    expect(names(admittedLines(held, rules))).toBe("f");
    expect(admissionOf("p", held, rules)).toEqual({ may: false, position: 1, blockedBy: "team" });
  });

  it("does not block its hotfixes, though they count", () => {
    const waiting = [line("p", "hotfix", 0, pay), line("q", "feature", 0, pay)];
    expect(names(admittedLines(queueState(waiting), rules))).toBe("p");
  });
});

describe("the quota of pipelines", () => {
  const pipelines = new Set(Array.from({ length: 9 }, (_, index) => `line-${index}`));
  const creating = (name: string) => line(name, "feature", 0, { creates: true });

  it("blocks lines that would make a pipeline, counts those in creation, and lets other lines pass", () => {
    const waiting = [creating("a"), creating("b"), line("c", "feature", 5)];
    expect(names(admittedLines(queueState(waiting, [], { pipelines }), rules))).toBe("a c");
    const held = queueState(waiting, [creating("z")], { pipelines });
    expect(admissionOf("a", held, rules)).toMatchObject({ may: false, blockedBy: "pipelines" });
  });

  it("does not block a line whose pipeline is made again", () => {
    const full = new Set([...pipelines, "a"]);
    expect(
      names(admittedLines(queueState([creating("a"), creating("b")], [], { pipelines: full }), rules)),
    ).toBe("a");
  });
});

const contender = fc.record({
  name: fc.stringMatching(/^[a-z]{1,3}$/),
  class: fc.constantFrom(...branchClasses),
  team: fc.constantFrom("payments", "other"),
  creates: fc.boolean(),
  since: fc.nat(59).map(at),
});
const crowd = fc.uniqueArray(contender, { selector: ({ name }) => name, maxLength: 12 });

describe("the governor", () => {
  it("never exceeds the estate's limits, and leaves no usable slot free", () => {
    fc.assert(
      fc.property(crowd, fc.nat(59), fc.nat(12), (waiting, aged, made) => {
        const pipelines = new Set(Array.from({ length: made }, (_, index) => `made-${index}`));
        const seen = queueState(waiting, [], { agedSince: at(aged), pipelines });
        const taken = admittedLines(seen, rules);
        const urgent = taken.filter((each) => each.class === "hotfix");
        expect(urgent.length).toBeLessThanOrEqual(2);
        expect(taken.length - urgent.length).toBeLessThanOrEqual(3);
        const team = taken.filter((each) => each.team === "payments" && each.class !== "hotfix");
        expect(team.length).toBeLessThanOrEqual(1);
        for (const each of waiting.filter((one) => !taken.includes(one)))
          expect(blockerOf(each, taken, pipelines, rules)).toBeDefined();
      }),
    );
  });

  it("admits the same lines in any order of the list", () => {
    fc.assert(
      fc.property(crowd, fc.nat(59), (waiting, aged) => {
        const of = (lines: readonly Contender[]) =>
          admittedLines(queueState(lines, [], { agedSince: at(aged) }), rules);
        expect(of(waiting.toReversed())).toEqual(of(waiting));
      }),
    );
  });

  it("reads contenders back from their slot records", () => {
    const states = fc.constantFrom("running", "waiting", "leaving");
    fc.assert(
      fc.property(contender, states, (each, state) => {
        const { team, ...rest } = each;
        for (const slotRecord of [
          { ...each, state },
          { ...rest, state },
        ] as readonly SlotRecord[])
          expect(readSlotRecord(slotRecordKey(slotRecord))).toEqual(slotRecord);
      }),
    );
    for (const key of [
      "governor/a/running",
      "lines/a/line.json",
      "governor//running/main/-/starts/t",
      "governor/a/x/main/-/starts/t",
    ])
      expect(readSlotRecord(key)).toBeUndefined();
  });
});
