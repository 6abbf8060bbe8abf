import { describe, expect, it } from "vitest";
import { cronMatches, wallTime } from "#cloud/pipeline/cron.ts";

const at = (text: string, zone = "UTC") => {
  const time = wallTime(new Date(text), zone);
  if (time === undefined) throw new Error(`no zone ${zone}`);
  return time;
};

describe("a deployment window", () => {
  it.each([
    ["* * 9-17 ? * MON-FRI *", "2026-11-20T09:30:00Z", true],
    ["* * 9-17 ? * MON-FRI *", "2026-11-20T18:00:00Z", false],
    ["* * 9-17 ? * MON-FRI *", "2026-11-21T10:00:00Z", false],
    ["* */15 * * * ? *", "2026-11-20T09:30:10Z", true],
    ["* */15 * * * ? *", "2026-11-20T09:31:00Z", false],
    ["* * * L * ? *", "2028-02-29T00:00:00Z", true],
    ["* * * 15W * ? *", "2026-11-16T00:00:00Z", true],
    ["* * * ? * FRI#3 *", "2026-11-20T00:00:00Z", true],
    ["* * * ? * FRI#3 *", "2026-11-27T00:00:00Z", false],
    ["* * * ? * 6L *", "2026-11-27T00:00:00Z", true],
    ["* * * ? NOV,DEC * 2026-2027", "2026-11-27T00:00:00Z", true],
  ])("%s at %s is open: %s", (cron, time, open) => {
    expect(cronMatches(cron, at(time))).toBe(open);
  });

  it("is told in its own zone", () => {
    expect(at("2026-11-20T23:30:00Z", "Europe/Berlin")).toMatchObject({ hour: 0, day: 21, weekday: 7 });
    expect(at("2026-11-20T23:30:00Z", "UTC-05:30")).toMatchObject({ hour: 18, minute: 0, day: 20 });
    expect(wallTime(new Date(), "Middle/Earth")).toBeUndefined();
  });

  it.each(["* * *", "* 61 * * * ? *", "* * * * NOP ? *"])("%s cannot be read", (cron) => {
    expect(cronMatches(cron, at("2026-11-20T00:00:00Z"))).toBeUndefined();
  });
});
