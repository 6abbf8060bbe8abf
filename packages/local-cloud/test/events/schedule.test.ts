import { describe, expect, it } from "vitest";
import { isSchedule, nextRun } from "#cloud/services/events/schedule.ts";

const run = (expression: string, after: string, since = after) =>
  nextRun(expression, new Date(after), new Date(since))?.toISOString().replace(":00.000Z", "Z");

describe("a schedule expression", () => {
  it.each([
    ["rate(1 hour)", "2030-01-01T00:30:00Z", "2030-01-01T01:30Z"],
    ["rate(5 minutes)", "2030-01-01T00:00:00Z", "2030-01-01T00:05Z"],
    ["cron(0 10 * * ? *)", "2030-01-01T10:00:00Z", "2030-01-02T10:00Z"],
    ["cron(15 12 * * ? *)", "2030-01-01T10:00:00Z", "2030-01-01T12:15Z"],
    ["cron(0/15 * * * ? *)", "2030-01-01T10:01:30Z", "2030-01-01T10:15Z"],
    ["cron(0 18 ? * MON-FRI *)", "2030-01-04T19:00:00Z", "2030-01-07T18:00Z"],
    ["cron(0 8 1 * ? *)", "2030-01-15T00:00:00Z", "2030-02-01T08:00Z"],
    ["cron(0 0 L * ? *)", "2028-02-10T00:00:00Z", "2028-02-29T00:00Z"],
    ["cron(0 9 ? * 2#1 *)", "2030-01-02T00:00:00Z", "2030-01-07T09:00Z"],
    ["cron(0 9 ? * 6L *)", "2030-01-02T00:00:00Z", "2030-01-25T09:00Z"],
    ["cron(0 0 1W * ? *)", "2030-05-20T00:00:00Z", "2030-06-03T00:00Z"],
    ["cron(0 0 29 FEB ? *)", "2029-01-01T00:00:00Z", "2032-02-29T00:00Z"],
  ])("%s after %s runs at %s", (expression, after, expected) => {
    expect(run(expression, after)).toBe(expected);
  });

  it("counts a rate from when the rule began", () => {
    expect(run("rate(1 day)", "2030-01-05T12:00:00Z", "2030-01-01T06:00:00Z")).toBe("2030-01-06T06:00Z");
  });

  it.each([
    "rate(1 hours)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "cron(* * * * * *)",
    "cron(0 10 * * ?)",
    "cron(60 * * * ? *)",
    "every day",
  ])("%s is refused", (expression) => {
    expect(run(expression, "2030-01-01T00:00:00Z")).toBeUndefined();
    expect(isSchedule(expression)).toBe(false);
  });

  it("is valid in a past year, and has no further run", () => {
    expect(isSchedule("cron(0 12 1 1 ? 2020)")).toBe(true);
    expect(run("cron(0 12 1 1 ? 2020)", "2030-01-01T00:00:00Z")).toBeUndefined();
  });
});
