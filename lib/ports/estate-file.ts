/** The port to the published estate file. */
import type { Estate } from "#release/estate/estate.ts";

export type EstateFile = { readonly load: () => Promise<Estate> };
