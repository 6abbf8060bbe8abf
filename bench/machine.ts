/** The machine that the figures were taken on. Without it they say little. */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

type Machine = {
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  /** The load average of the last minute. A value above `cores` means that other processes waited too. */
  readonly load: number;
  readonly at: string;
};

export const machine = (): Machine => ({
  node: process.version,
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  at: new Date().toISOString().slice(0, 16).replace("T", " "),
});

export const drawMachine = ({ node, cores, cpu, memoryGiB, load, at }: Machine): string =>
  `Node ${node}, ${cores} cores (${cpu}), ${memoryGiB} GiB, load ${load} at the start, ${at} UTC`;
