import { expect, test } from "vitest";
import { releasedAt } from "#release/line/released-at.ts";
import type { ResultStage } from "#release/line/result.ts";

const action = (name: string, status: "Succeeded" | "Failed" | "InProgress", endedAt?: string) => ({
  ...{ name, status },
  ...(endedAt !== undefined && { endedAt }),
});
const at = (minute: number): string => `2026-01-01T00:0${minute}:00.000Z`;
const stage = (name: string, actions: ResultStage["actions"]): ResultStage => ({
  ...{ name, status: "Succeeded", actions },
});

test("releasedAt is the end of an environment's last action", () => {
  const stages = [
    stage("prod", [action("Prepare", "Succeeded", at(1)), action("Execute", "Succeeded", at(2))]),
  ];
  expect(releasedAt({ stages }, "prod")).toBe(at(2));
  expect(releasedAt({ stages }, "qa")).toBeUndefined();
});

test("releasedAt reads the environments of a wave one by one", () => {
  const stages = [
    stage("wave", [action("Execute.a", "Succeeded", at(1)), action("Execute.b", "Failed", at(2))]),
  ];
  expect(releasedAt({ stages }, "a")).toBe(at(1));
  expect(releasedAt({ stages }, "b")).toBeUndefined();
});

test("releasedAt is undefined while an action runs, and for an environment that was only prepared", () => {
  const running = [stage("prod", [action("Execute", "Succeeded", at(1)), action("SmokeTest", "InProgress")])];
  expect(releasedAt({ stages: running }, "prod")).toBeUndefined();
  expect(
    releasedAt({ stages: [stage("prod", [action("Prepare", "Succeeded", at(1))])] }, "prod"),
  ).toBeUndefined();
});
