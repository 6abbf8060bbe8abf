/** Measures the boot of the embedded estate from nothing, and compares it with the embedded cloud alone. */
import { join } from "node:path";
import { measureFresh } from "./fresh.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { interleave, spreadOf } from "./spread.ts";

const targetMs = 10_000;

export const boot: Measurement = {
  name: "boot",
  about: `boot of the embedded estate (target: under ${targetMs / 1000} s) and its memory, against the cloud alone`,
  run,
};

type Booted = { readonly ms: number; readonly memory: number };

async function run({ rounds = 3, onStep }: MeasurementOptions): Promise<Findings> {
  const bootFresh = async (what: "cloud" | "estate"): Promise<Booted> => {
    const booted = await measureFresh<Booted>({ args: [join(import.meta.dirname, "fresh-boot.ts"), what] });
    onStep(`${what} up after ${(booted.ms / 1000).toFixed(1)} s`);
    return booted;
  };
  const figures = await interleave(rounds, {
    cloud: () => bootFresh("cloud"),
    estate: () => bootFresh("estate"),
  });
  const row = (what: string, booted: readonly Booted[]) => ({
    what,
    "up after": spreadOf(
      booted.map(({ ms }) => ms / 1000),
      "s",
    ),
    "memory with sandboxes": spreadOf(
      booted.map(({ memory }) => memory),
      "MiB",
    ),
  });
  const rows = [
    row("the embedded cloud alone, empty", figures.cloud),
    row("the estate: 8 accounts: control plane, 2 anchors, 5 targets", figures.estate),
  ];
  const median = spreadOf(
    figures.estate.map(({ ms }) => ms),
    "ms",
  ).median;
  return {
    tables: [
      {
        title: `From the start of the process until it is ready, ${rounds} fresh processes each, interleaved`,
        rows,
      },
    ],
    claims: [
      {
        claim: `The estate is up in less than ${targetMs / 1000} s`,
        seen: `${(median / 1000).toFixed(1)} s`,
        holds: median < targetMs,
      },
    ],
  };
}
