/** Runs functions outside their queues: for a job of CodePipeline, or for an invocation. */
import type { DeployedFunction } from "#test/simulation/base.ts";
import type { SimulatedCloud } from "#test/simulation/cloud.ts";
import { type noteIn, watching, watchingJobs } from "./sent.ts";

type Workers = {
  /** The function does a job of CodePipeline. */
  readonly work: (account: string, name: string, job: unknown) => Promise<void>;
  /** Invokes the function; returns its answer. */
  readonly invoke: (account: string, name: string, event: unknown) => Promise<unknown>;
};

type Worker = {
  readonly watch: ReturnType<typeof watchingJobs>;
  readonly handler: (event: unknown) => Promise<unknown>;
};

export function createWorkers(cloud: SimulatedCloud, note: ReturnType<typeof noteIn>): Workers {
  const functionOf = (account: string, name: string): DeployedFunction => {
    const found = cloud.base.functions.find((each) => each.account === account && each.name === name);
    if (found === undefined) throw new TypeError(`There is no function ${name} in ${account}.`);
    return found;
  };
  const workers = new Map<string, Worker>();
  const workerOf = async (account: string, name: string): Promise<Worker> => {
    const of = functionOf(account, name);
    const known = workers.get(of.role);
    if (known !== undefined) return known;
    const watch = watchingJobs(name, note);
    const worker = { watch, handler: await cloud.sandbox(of, watch) };
    workers.set(of.role, worker);
    return worker;
  };
  return {
    work: async (account, name, job) => {
      const { watch, handler } = await workerOf(account, name);
      watch.begin();
      await handler(job).catch(() => undefined); // its answer was denied
    },
    invoke: async (account, name, event) =>
      (await cloud.sandbox(functionOf(account, name), watching(name, note)))(event),
  };
}
