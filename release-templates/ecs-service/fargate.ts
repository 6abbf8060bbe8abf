/**
 * The memory sizes that Fargate supports for each CPU size. ECS rejects other pairs when the task definition
 * is registered (ECS Developer Guide, "Fargate task definition parameters").
 */

const gigabyte = 1024;

type Row =
  | { readonly memory: readonly number[] }
  | { readonly least: number; readonly most: number; readonly step: number };

/** In units and megabytes, as the ECS developer guide lists them for Linux. */
const sizes: Readonly<Record<number, Row>> = {
  256: { memory: [512, gigabyte, 2 * gigabyte] },
  512: { least: gigabyte, most: 4 * gigabyte, step: gigabyte },
  1024: { least: 2 * gigabyte, most: 8 * gigabyte, step: gigabyte },
  2048: { least: 4 * gigabyte, most: 16 * gigabyte, step: gigabyte },
  4096: { least: 8 * gigabyte, most: 30 * gigabyte, step: gigabyte },
  8192: { least: 16 * gigabyte, most: 60 * gigabyte, step: 4 * gigabyte },
  16384: { least: 32 * gigabyte, most: 120 * gigabyte, step: 8 * gigabyte },
};

/** Returns the defect of the pair as a sentence. */
export function checkFargate(cpu: number, memory: number): string | undefined {
  const row = sizes[cpu];
  if (row === undefined) return `cpu is ${cpu}; Fargate has ${Object.keys(sizes).join(", ")}.`;
  if ("memory" in row) {
    return row.memory.includes(memory)
      ? undefined
      : `memory is ${memory}; with cpu ${cpu} Fargate has ${row.memory.join(", ")}.`;
  }
  const { least, most, step } = row;
  if (memory >= least && memory <= most && memory % step === 0) return undefined;
  return `memory is ${memory}; with cpu ${cpu} Fargate has ${least} to ${most} in steps of ${step}.`;
}
