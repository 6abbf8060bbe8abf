/** The one opened specification: immutable data, read when first asked. */
import { openSpec } from "./spec.ts";

export const spec = openSpec();
