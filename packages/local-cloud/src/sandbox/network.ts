/**
 * Opens ports of the cloud in the network of the sandboxes. That network has a loopback interface and nothing
 * else, so a sandbox reaches the cloud by these ports and no other address.
 */
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { Server } from "node:net";
import { containment } from "./containment.ts";
import type { Launcher } from "./launcher.ts";

type SandboxNetwork = {
  /** Resolves when the ports are open. Without namespaces the sandboxes are in the machine's network. */
  readonly open: () => Promise<void>;
  readonly close: () => void;
};

export function createSandboxNetwork(
  listener: RequestListener,
  ports: () => readonly number[],
): SandboxNetwork {
  const requests = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 }, listener);
  let opened: { readonly by: Launcher; readonly servers: Promise<readonly Server[]> } | undefined;
  const listen = async (launcher: Launcher): Promise<readonly Server[]> => {
    const servers = await Promise.all(ports().map((port) => launcher.listen(port)));
    for (const server of servers) {
      server.on("connection", (socket) => requests.emit("connection", socket));
      server.unref();
    }
    return servers;
  };
  return {
    open: async () => {
      const { launcher, missing } = await containment();
      if (missing !== undefined) return;
      if (opened?.by !== launcher) opened = { by: launcher, servers: listen(launcher) };
      await opened.servers;
    },
    close: () => {
      requests.closeAllConnections();
      void opened?.servers.then(
        (servers) => {
          for (const server of servers) server.close();
        },
        () => undefined,
      );
    },
  };
}
