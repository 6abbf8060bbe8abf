/** Ports that die: the "Lambda" dies before or after the n-th call, and makes no later call. */

export class Killed extends Error {
  override name = "Killed";
}

export type Executioner = {
  /** The number of calls so far, through all wrapped ports. */
  calls: number;
  /** The number of the call at which the Lambda dies. */
  at: number;
  when: "before" | "after";
};

/**
 * Wraps every function of every port in the dependencies. Values that are no ports (texts, numbers) stay as
 * they are.
 */
export function killing<Deps extends object>(deps: Deps, executioner: Executioner): Deps {
  const wrapped = Object.entries(deps).map(([name, port]: [string, unknown]) => [
    name,
    wrap(port, executioner),
  ]);
  return Object.fromEntries(wrapped) as Deps;
}

function wrap(port: unknown, executioner: Executioner): unknown {
  if (typeof port !== "object" || port === null) return port;
  const members = Object.entries(port).map(([name, member]: [string, unknown]) => [
    name,
    typeof member === "function" ? dying(member as Call, executioner) : member,
  ]);
  return Object.fromEntries(members);
}

type Call = (...args: readonly unknown[]) => unknown;

const dying =
  (call: Call, executioner: Executioner): Call =>
  (...args) => {
    executioner.calls += 1;
    const dies = executioner.calls === executioner.at;
    const killed = () => new Killed(`Killed ${executioner.when} call ${executioner.calls}.`);
    if (dies && executioner.when === "before") throw killed();
    const answer = call(...args);
    if (!dies) return answer;
    if (!(answer instanceof Promise)) throw killed();
    return answer.then(() => {
      throw killed();
    });
  };
