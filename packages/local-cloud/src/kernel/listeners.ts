/** Keeps the functions that the parts of the cloud register for events, calls, crashes of callers, and the cloud's stop. */
import type { CallRecord, Cloud, EventHandler } from "./cloud-type.ts";

export type Listeners = Pick<Cloud, "onEvent" | "onCall" | "onCrash" | "onStop"> & {
  readonly publishEvent: EventHandler;
  readonly reportCall: (call: CallRecord) => void;
  /** Kills the sandbox with these credentials. */
  readonly killCaller: (accessKeyId: string) => void;
  /** Ends the processes that must not outlive the cloud. */
  readonly stop: () => void;
};

export function createListeners(): Listeners {
  const eventHandlers: EventHandler[] = [];
  const killers: ((accessKeyId: string) => void)[] = [];
  const watchers = new Set<(call: CallRecord) => void>();
  const stopListeners = new Set<() => void>();
  return {
    onEvent: (handler) => void eventHandlers.push(handler),
    onCrash: (kill) => void killers.push(kill),
    onCall: (watch) => {
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
    onStop: (end) => {
      stopListeners.add(end);
      return () => void stopListeners.delete(end);
    },
    publishEvent: (event) => {
      for (const handler of eventHandlers) handler(event);
    },
    reportCall: (call) => {
      for (const watch of watchers) watch(call);
    },
    killCaller: (accessKeyId) => {
      for (const kill of killers) kill(accessKeyId);
    },
    stop: () => {
      for (const end of [...stopListeners]) end();
    },
  };
}
