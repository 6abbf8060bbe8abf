/** Tombstones in odd states, and objects that only look like tombstones. */
import { noZip, type Row, rejected } from "./row.ts";

const empty = new Uint8Array(0);

export const tombstones: readonly Row[] = [
  { what: "the tombstone of a line without uploads", bytes: empty, becomes: "torn-down" },
  { what: "a tombstone after a tombstone", bytes: empty, after: empty, becomes: "torn-down" },
  {
    what: "the tombstone of a line whose only artifact was rejected",
    bytes: empty,
    after: noZip,
    becomes: "torn-down",
  },
  {
    what: "a bad artifact after a tombstone",
    bytes: noZip,
    after: empty,
    becomes: rejected("NotAZip"),
  },
  {
    what: "the tombstone of a line of odd characters",
    key: "111111111111/hostile + %20/ö/☃/latest.zip",
    bytes: empty,
    becomes: "torn-down",
  },
  { what: "an object of one zero byte", bytes: Buffer.from([0]), becomes: rejected("NotAZip") },
  { what: "an object of one blank", bytes: Buffer.from(" "), becomes: rejected("NotAZip") },
  {
    what: "a tombstone at a malformed key",
    key: "111111111111/hostile-tombstone/latest.zip",
    bytes: empty,
    becomes: rejected("KeyMissingSegments"),
  },
  {
    what: "a tombstone in an unknown account",
    key: "999999999999/hostile-tombstone/x/latest.zip",
    bytes: empty,
    becomes: rejected("AccountUnknown"),
    as: "cloud team",
  },
];
