/**
 * Measures the cold load of each Lambda bundle, and compares it with a bundle that only makes the same AWS
 * clients.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureFresh } from "./fresh.ts";
import { bundleClients, bundleDoor, lambdaNames, type MeasuredBundle } from "./lambda-bundles.ts";
import { lambdaEnvironment } from "./lambda-environment.ts";
import type { Cell, Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { interleave, spreadOf } from "./spread.ts";

const target = 1.3;

/** The script of a fresh `node`: it loads the module in its argument, and prints how long that took. */
const load = `
const begun = performance.now(), before = process.cpuUsage();
await import(process.argv[1]);
const elapsed = performance.now() - begun, { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ elapsed, cpu: (user + system) / 1000, rss: process.memoryUsage.rss() / 2 ** 20 }));
`;

/** Milliseconds and mebibytes. Other processes on the machine lengthen `elapsed`, and `cpu` hardly. */
type Loaded = { readonly elapsed: number; readonly cpu: number; readonly rss: number };

export const coldLoad: Measurement = {
  name: "cold-load",
  about: `cold load of each Lambda against a bundle of only its AWS clients (target: at most ${target}×)`,
  run,
};

async function run({ rounds = 15, onStep }: MeasurementOptions): Promise<Findings> {
  const work = await mkdtemp(join(tmpdir(), "kedge-bench-"));
  try {
    const rows: Record<string, Cell>[] = [];
    let worst = 0;
    for (const name of await lambdaNames()) {
      const whole = await bundleDoor(name, work);
      const clients = await bundleClients(whole, work);
      const figures = await interleave(rounds, {
        whole: () => loadFresh(whole),
        clients: () => loadFresh(clients),
      });
      const of = (variant: keyof typeof figures, figure: keyof Loaded, unit: string) =>
        spreadOf(
          figures[variant].map((loaded) => loaded[figure]),
          unit,
        );
      const [cpu, cpuOfClients] = [of("whole", "cpu", "ms"), of("clients", "cpu", "ms")];
      const [elapsed, elapsedOfClients] = [of("whole", "elapsed", "ms"), of("clients", "elapsed", "ms")];
      const ratio = cpu.median / cpuOfClients.median;
      worst = Math.max(worst, ratio);
      rows.push({
        Lambda: name,
        CPU: cpu,
        "CPU, clients only": cpuOfClients,
        ratio: `${ratio.toFixed(2)}×`,
        wall: elapsed,
        "wall, clients only": elapsedOfClients,
        "wall ratio": `${(elapsed.median / elapsedOfClients.median).toFixed(2)}×`,
        "kB loaded": Math.round(whole.bytes / 1000),
        "kB, clients only": Math.round(clients.bytes / 1000),
        RSS: of("whole", "rss", "MiB"),
      });
      onStep(`${name}: ${ratio.toFixed(2)}×`);
    }
    return {
      tables: [{ title: `Cold load, ${rounds} fresh processes each, interleaved`, rows }],
      claims: [
        {
          claim: `Loading a Lambda takes at most ${target}× the CPU time of loading its AWS clients alone`,
          seen: `at most ${worst.toFixed(2)}×`,
          holds: worst <= target,
        },
      ],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const loadFresh = ({ entry }: MeasuredBundle) =>
  measureFresh<Loaded>({
    args: ["--input-type=module", "--eval", load, entry],
    env: lambdaEnvironment,
  });
