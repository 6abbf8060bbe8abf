/** The targets of the fuzzer. A new target needs its file and one line here. */
import { key } from "./key.ts";
import type { Target } from "./target.ts";
import { template } from "./template.ts";
import { traits } from "./traits.ts";
import { zip } from "./zip.ts";

export const targets: readonly Target[] = [key, zip, template, traits];
