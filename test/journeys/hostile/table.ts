/** Every odd or hostile upload there is a row for: key, bytes, and what has to become of it. A row is one line. */
import { contents } from "./contents.ts";
import { keys } from "./keys.ts";
import type { Row } from "./row.ts";
import { tombstones } from "./tombstones.ts";
import { traits } from "./traits.ts";
import { zips } from "./zips.ts";

export const table: readonly Row[] = [...keys, ...zips, ...contents, ...traits, ...tombstones];
