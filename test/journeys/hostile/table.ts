/** All odd and hostile uploads: key, bytes and expected outcome. */
import { contents } from "./contents.ts";
import { keys } from "./keys.ts";
import type { Row } from "./row.ts";
import { tombstones } from "./tombstones.ts";
import { traits } from "./traits.ts";
import { zips } from "./zips.ts";

export const table: readonly Row[] = [...keys, ...zips, ...contents, ...traits, ...tombstones];
