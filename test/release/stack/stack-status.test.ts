import { describe, expect, it } from "vitest";
import { stackPhase } from "#release/stack/stack-status.ts";

describe("a stack's status", () => {
  it.each([
    [undefined, "gone"],
    ["DELETE_COMPLETE", "gone"],
    ["CREATE_COMPLETE", "stable"],
    ["ROLLBACK_COMPLETE", "broken"],
    ["UPDATE_ROLLBACK_COMPLETE", "reverted"],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "busy"],
    ["DELETE_FAILED", "undeletable"],
    ["toString", "busy"],
    ["INVENTED_LATER", "busy"],
  ])("%s means %s", (status, phase) => {
    expect(stackPhase(status)).toBe(phase);
  });
});
