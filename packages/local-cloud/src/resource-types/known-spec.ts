/** Opens the specification once. Its data is immutable and read on first use. */
import { openSpec } from "./spec.ts";

export const spec = openSpec();
