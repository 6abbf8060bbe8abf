/** Change sets of application stacks, in memory. A change set is ready at once, and an execution ends at once. */
import type { ChangeSetRequest, ChangeSets } from "#ports/change-sets.ts";
import type { AccountInRegion } from "#ports/target.ts";
import type { ChangeSet } from "#release/review/stack-change.ts";
import type { MemoryApplications } from "./applications.ts";

type MemoryChangeSet = ChangeSet & {
  readonly stack: string;
  readonly name: string;
  readonly template: string;
};

type MemoryChangeSets = ChangeSets & {
  readonly sets: Map<string, MemoryChangeSet>;
  readonly executed: string[];
  /** Makes a change set of another template under the name, as an administrator of the account could. */
  readonly swap: (target: AccountInRegion, request: ChangeSetRequest) => void;
};

/** `read` returns the text at the URL of a large template. */
export function memoryChangeSets(
  applications: MemoryApplications,
  read: (url: string) => string = (url) => url,
): MemoryChangeSets {
  const sets = new Map<string, MemoryChangeSet>();
  const templates = new Map<string, string>();
  const last = new Map<string, string>();
  const executed: string[] = [];
  const nestedTexts = new Map<string, string>();
  let count = 0;
  const keyOf = ({ account }: AccountInRegion, stack: string): string => `${account}/${stack}`;
  const find = (target: AccountInRegion, stack: string, name: string): MemoryChangeSet | undefined =>
    [...sets.values()].find((set) => set.stack === keyOf(target, stack) && set.name === name);
  const nestedIn = (template: string): ChangeSet["nested"] =>
    Object.entries(nestedUrls(template)).map(([logicalId, url]) => {
      count += 1;
      const id = `arn:aws:cloudformation:us-east-1:222222222222:changeSet/nested-${logicalId}/${count}`;
      const text = read(url);
      nestedTexts.set(id, text);
      const changes = Object.entries(resourcesIn(text)).map(
        ([resource, { Type }]) =>
          ({ logicalId: resource, type: Type, action: "Add", properties: [] }) as const,
      );
      return {
        ...{ id, logicalId, status: "ready" as const, parameters: {}, resolved: {}, changes },
        nested: nestedIn(text),
      };
    });
  const make = (
    target: AccountInRegion,
    { stack, name, parameters, template: given, nested }: ChangeSetRequest,
  ): void => {
    const template = "url" in given ? read(given.url) : given.body;
    count += 1;
    const at = keyOf(target, stack);
    const id = `arn:aws:cloudformation:${target.region}:${target.account}:changeSet/${name}/${count}`;
    const unchanged = templates.get(at) === template;
    const found = applications.stacks.get(at);
    if (found === undefined) applications.set(target, stack, { status: "REVIEW_IN_PROGRESS" });
    sets.set(id, {
      ...{ id, stack: at, name, template, parameters, resolved: {}, changes: [] },
      nested: nested ? nestedIn(template) : [],
      status: unchanged ? "unchanged" : "ready",
    });
  };
  return {
    sets,
    executed,
    swap: (target, request) => {
      for (const [id, set] of sets) if (set === find(target, request.stack, request.name)) sets.delete(id);
      make(target, request);
    },
    create: async (target, request) => {
      const old = find(target, request.stack, request.name);
      if (old !== undefined) sets.delete(old.id);
      make(target, request);
    },
    describe: async (target, stack, name) => find(target, stack, name),
    template: async (_, id) => nestedTexts.get(id) ?? sets.get(id)?.template ?? "{}",
    deployed: async (target, stack) => templates.get(keyOf(target, stack)),
    execute: async (_, id) => {
      const set = sets.get(id);
      if (set === undefined || set.status !== "ready") return;
      executed.push(id);
      sets.set(id, { ...set, status: "executed" });
      templates.set(set.stack, set.template);
      last.set(set.stack, id);
      const [account = "", stack = ""] = set.stack.split("/");
      applications.set({ account, region: "" }, stack, { status: "CREATE_COMPLETE" });
    },
    stack: async (target, stack) => {
      const found = applications.stacks.get(keyOf(target, stack));
      const changeSet = last.get(keyOf(target, stack));
      return (
        found && {
          status: found.status,
          outputs: found.outputs,
          ...(changeSet !== undefined && { changeSet }),
        }
      );
    },
    remove: async (_, id) => {
      sets.delete(id);
    },
    discard: async (target, stack, name) => {
      const old = find(target, stack, name);
      if (old !== undefined) sets.delete(old.id);
    },
  };
}

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: { TemplateURL?: string } }>
>;

const resourcesIn = (template: string): Resources =>
  (JSON.parse(template) as { readonly Resources: Resources }).Resources;

const nestedUrls = (template: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(resourcesIn(template)).flatMap(([id, { Properties }]) =>
      Properties?.TemplateURL === undefined ? [] : [[id, Properties.TemplateURL]],
    ),
  );
