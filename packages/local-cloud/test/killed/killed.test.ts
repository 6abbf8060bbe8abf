import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chance } from "#cloud/testing/chance.ts";
import { startProcess } from "#cloud/testing/cloud-process.ts";
import { burst } from "./burst.ts";
import { emptyLedger } from "./ledger.ts";
import { clientsOf, setUp } from "./setup.ts";
import { losses, messageLosses } from "./survived.ts";

const seed = 7;
const kills = 5;

it("a cloud that is killed again and again in a burst loses nothing it has acknowledged", async () => {
  const data = await mkdtemp(join(tmpdir(), "killed-"));
  const random = chance(seed);
  const ledger = emptyLedger();
  let cloud = await startProcess("packages/local-cloud/src/main.ts", data, ["--quiet"]);
  try {
    await setUp(clientsOf(cloud.endpoint));
    for (let round = 1; round <= kills; round += 1) {
      const killAfter = 5 + random.below(70);
      await burst({ process: cloud, ledger, seed: seed * 10 + round, killAfter });
      cloud = await startProcess("packages/local-cloud/src/main.ts", data, ["--quiet"]);
      expect(await losses(cloud, ledger), `seed ${seed}, round ${round}, killed after ${killAfter}`).toEqual(
        [],
      );
    }
    expect(await messageLosses(cloud, ledger), `seed ${seed}`).toEqual([]);
  } finally {
    await cloud.kill();
    await rm(data, { recursive: true, force: true });
  }
});
