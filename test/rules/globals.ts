/** The globals that reach out of a pure function, each with the effect it has. */
/** `clock` reads the time; `date` is any other use of `Date`, which `lib/release` does without. */
export type Effect = "clock" | "date" | "chance" | "process" | "timers" | "network";

export const remedies: Readonly<Record<Effect, string>> = {
  clock: "Take the time as an argument or from the clock port.",
  date: "Take dates as text and let the caller compute with them.",
  chance: "Take the id or the number as an argument.",
  process: "Read it in bin/ or lambdas/ and hand it over as an argument.",
  timers: "Let a port wait, or return the time at which to continue.",
  network: "Call a port.",
};

/** How a use reads a global: `.now`, `new …()` with a count of arguments, or in another way (passed on, destructured, called). */
export interface Access {
  readonly member?: string;
  readonly constructedWith?: number;
  /** On the right of `instanceof`. */
  readonly tested?: boolean;
}

interface Global {
  readonly effect: (access: Access) => Effect | undefined;
}

const always = (effect: Effect): Global => ({ effect: () => effect });

const dateFunctions = ["parse", "UTC", "prototype"];

/** `new Date(value)` and `Date.parse(text)` compute; every other use can read the clock. */
const date: Global = {
  effect: ({ member, constructedWith, tested }) => {
    const computes = member !== undefined && dateFunctions.includes(member);
    return computes || tested || (constructedWith ?? 0) > 0 ? "date" : "clock";
  },
};

/** `Math` is free of effects but for `random`; an alias such as `const m = Math` would hide that one. */
const math: Global = {
  effect: ({ member }) => (member !== undefined && member !== "random" ? undefined : "chance"),
};

const abortSignal: Global = {
  effect: ({ member }) => (member === "abort" || member === "any" ? undefined : "timers"),
};

const list = (effect: Effect, names: readonly string[]): [string, Global][] =>
  names.map((name) => [name, always(effect)]);

export const globalNames: ReadonlyMap<string, Global> = new Map<string, Global>([
  ["Date", date],
  ["Math", math],
  ["AbortSignal", abortSignal],
  ...list("clock", ["performance", "Temporal"]),
  ...list("chance", ["crypto", "Crypto", "SubtleCrypto"]),
  ...list("process", [
    "process",
    "globalThis",
    "global",
    "self",
    "eval",
    "Function",
    "navigator",
    "localStorage",
  ]),
  ...list("timers", ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "scheduler"]),
  ...list("network", ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "BroadcastChannel"]),
]);
