/** Opens the constraints once. The data is immutable and read on first use. */
import { openConstraints } from "./constraint-table.ts";

export const constraints = openConstraints();
