/**
 * Boots the estate, or the embedded cloud alone, in this process. It prints the time until it was up, and its
 * memory.
 */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { memoryNow } from "./memory.ts";

// The imports are dynamic, because loading is part of booting. `performance` counts from the start of the
// process.
const running =
  process.argv[2] === "estate"
    ? await (await import("#local-estate/boot.ts")).bootEstate({
        port: 0,
        estateFile: join(import.meta.dirname, "..", "examples", "estate.yml"),
      })
    : await (await import("@kedge/local-cloud")).startCloud({ port: 0 });
const ms = performance.now();
console.log(JSON.stringify({ ms, memory: memoryNow() }));
await running[Symbol.asyncDispose]();
process.exit(0);
