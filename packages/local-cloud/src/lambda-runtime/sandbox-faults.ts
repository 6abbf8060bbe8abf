/** The faults that a sandbox reports itself, in the words of Lambda. */
import type { Fault } from "./protocol.ts";

export const exitFault = (requestId: string, reason: string): Fault => ({
  errorType: "Runtime.ExitError",
  errorMessage:
    reason === "exit status 0"
      ? `RequestId: ${requestId} Error: Runtime exited without providing a reason`
      : `RequestId: ${requestId} Error: Runtime exited with error: ${reason}`,
});

export const taskTimeout = (requestId: string, timeoutMs: number): Fault => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
});

export const initTimeout = (handler: string, limitMs: number): Fault => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `The initialisation of ${handler} took longer than ${limitMs / 1000} seconds`,
});
