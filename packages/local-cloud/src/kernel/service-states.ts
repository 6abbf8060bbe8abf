/** Opens the state of each service in each account and region, once, from the tables of the store. */
import type { Service } from "./service.ts";
import type { Store } from "./store.ts";

type Location = { readonly account: string; readonly region: string };

type ServiceStates = {
  readonly of: (service: Service, account: string, region?: string) => unknown;
  /** Lists the states of the service that have been opened. */
  readonly opened: (service: Service) => readonly unknown[];
  /** Lists every account and region in which the store has tables of the service. */
  readonly locations: (service: Service) => readonly Location[];
};

const GLOBAL_REGION = "aws-global";

export function createServiceStates(store: Store): ServiceStates {
  const states = new Map<string, unknown>();
  return {
    of: (service, account, region = "") => {
      const folder = `${service.name}/${account}/${service.global ? GLOBAL_REGION : region}`;
      let state = states.get(folder);
      if (state === undefined) {
        state = service.state((name) => store.table(`${folder}/${name}`));
        states.set(folder, state);
      }
      return state;
    },
    opened: ({ name }) =>
      [...states].filter(([folder]) => folder.startsWith(`${name}/`)).map(([, state]) => state),
    locations: ({ name }) => {
      const locations = new Map<string, Location>();
      for (const path of store.paths()) {
        const [service, account = "", region = ""] = path.split("/");
        if (service === name) locations.set(`${account}/${region}`, { account, region });
      }
      return [...locations.values()];
    },
  };
}
