/** Application stacks of many accounts, in memory. Deletions stay in progress until the test ends them. */

import type { Applications } from "#ports/applications.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { isStackOf } from "#release/names/stack-names.ts";
import type { StackFailure } from "#release/stack/stack-failure.ts";

type MemoryStack = {
  status: string;
  failure?: string;
  level?: number;
  tags?: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  /** The failure that its deletion ends in. */
  undeletable?: string;
};

export type MemoryApplications = Applications & {
  readonly stacks: Map<string, MemoryStack>;
  readonly removals: string[];
  readonly set: (target: AccountInRegion, name: string, stack: Partial<MemoryStack>) => void;
  /** Ends one deletion, and returns the account and name of the stack. */
  readonly settleOne: () => string | undefined;
};

/** `Queue: already there` names the resource and the words. */
function failureOf(failure: string, { account, region }: AccountInRegion, name: string): StackFailure {
  const [where = "", words = "no reason given"] = failure.split(": ");
  const stack = `arn:aws:cloudformation:${region}:${account}:stack/${name}/1`;
  return { where, words, properties: [], stack };
}

const keyOf = ({ account }: AccountInRegion, name: string): string => `${account}/${name}`;

export function memoryApplications(): MemoryApplications {
  const stacks = new Map<string, MemoryStack>();
  const removals: string[] = [];
  const tokens = new Set<string>();
  return {
    stacks,
    removals,
    set: (target, name, stack) => {
      const before = stacks.get(keyOf(target, name));
      stacks.set(keyOf(target, name), { status: "CREATE_COMPLETE", outputs: {}, ...before, ...stack });
    },
    settleOne: () => {
      const [at, stack] = [...stacks].find(([, { status }]) => status === "DELETE_IN_PROGRESS") ?? [];
      if (at === undefined || stack === undefined) return undefined;
      if (stack.undeletable === undefined) stacks.delete(at);
      else stacks.set(at, { ...stack, status: "DELETE_FAILED", failure: stack.undeletable });
      return at;
    },
    stacksOfLine: async (target, firsts) =>
      [...stacks].flatMap(([at, { status, level = 0, tags = {} }]) => {
        const name = at.slice(at.indexOf("/") + 1);
        return at === keyOf(target, name) && firsts.some((first) => isStackOf(name, first))
          ? [{ name, status, level, tags }]
          : [];
      }),
    stack: async (target, name) => {
      const found = stacks.get(keyOf(target, name));
      return found && { name, status: found.status, level: found.level ?? 0, tags: found.tags ?? {} };
    },
    failure: async (target, name) => {
      const failure = stacks.get(keyOf(target, name))?.failure;
      return failure === undefined ? undefined : failureOf(failure, target, name);
    },
    outputs: async (target, name) => stacks.get(keyOf(target, name))?.outputs ?? {},
    remove: async (target, name, token) => {
      const at = keyOf(target, name);
      const stack = stacks.get(at);
      if (stack === undefined || tokens.has(`${at} ${token}`)) return;
      tokens.add(`${at} ${token}`);
      removals.push(at);
      stacks.set(at, { ...stack, status: "DELETE_IN_PROGRESS" });
    },
  };
}
