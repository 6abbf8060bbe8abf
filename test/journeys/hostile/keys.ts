/**
 * Odd and hostile keys. The object at a valid key is no zip, so the answer NotAZip shows that the key was
 * understood.
 */
import { noZip, type Row, rejected, rejectedByS3 } from "./row.ts";

const line = (app: string, branch: string): string => `111111111111/${app}/${branch}/latest.zip`;
const odd = (what: string, key: string): Row => ({ what, key, bytes: noZip, becomes: rejected("NotAZip") });
const longest = 1024 - "results/".length - 36 - ".json".length + "latest.zip".length;
const ofLength = (length: number): string => line("hostile", "b".repeat(length - line("hostile", "").length));

export const keys: readonly Row[] = [
  odd("a key with blanks", line("hostile odd", " leading and trailing ")),
  odd("a key with plus signs", line("hostile+plus", "a+b++c")),
  odd("a key with percent signs", line("hostile%20", "100%/%2F%2e%2E%00")),
  odd("a key with an ampersand and similar characters", line("hostile&amp;", "a=b?c#d;e:f,g@h")),
  odd("a key with markup", line("<img src=x onerror=alert(1)>", "${jndi:ldap:x}'\"`")),
  odd("a key with backslashes", line("hostile", "..\\..\\windows")),
  odd("a key in composed Unicode", line("hostile", "caf\u00e9")),
  odd("a key in decomposed Unicode", line("hostile", "cafe\u0301")),
  odd("a key in emoji", line("hostile", "👩🏽‍🚀/🚀")),
  odd("a key that changes the writing direction", line("hostile", "\u202egnp.exe/\u2067x")),
  odd("a key with invisible characters", line("hostile\u200b", "ma\u00adin\ufeff")),
  odd("a key of look-alikes", line("hostile", "mаin")),
  odd("a key that differs from another in case only", line("Hostile", "CAFÉ")),
  odd("a key with dots at its ends", line(".hostile.", "...x/v1...")),
  odd("a key with the names of JavaScript's own properties", line("__proto__", "constructor")),
  odd("a key with null and undefined", line("null", "undefined")),
  odd("a key with the names of results", line("by-hash", "latest.json")),
  odd("a key that repeats its ending", line("hostile", "latest.zip/latest.zip")),
  odd("a key of hyphens", line("-", "--")),
  odd("the longest key", ofLength(longest)),
  {
    what: "a key one byte longer",
    key: ofLength(longest + 1),
    bytes: noZip,
    becomes: rejected("KeyTooLong"),
  },
  {
    what: "the longest key that S3 takes",
    key: ofLength(1024),
    bytes: noZip,
    becomes: rejected("KeyTooLong"),
  },
  {
    what: "a key that S3 does not take",
    key: ofLength(1025),
    bytes: noZip,
    becomes: rejectedByS3("KeyTooLongError"),
  },
  {
    what: "an ending in capitals",
    key: "111111111111/hostile/x/LATEST.ZIP",
    bytes: noZip,
    becomes: rejected("KeyMalformed"),
  },
  {
    what: "a doubled slash",
    key: line("hostile", "a//b"),
    bytes: noZip,
    becomes: rejected("KeyEmptySegment"),
  },
  {
    what: "a slash at the end",
    key: `${line("hostile", "x")}/`,
    bytes: noZip,
    becomes: rejected("KeyMalformed"),
  },
  {
    what: "a line break",
    key: line("hostile", "a\nb"),
    bytes: noZip,
    becomes: rejected("KeyControlCharacter"),
  },
  {
    what: "a carriage return at the end",
    key: `${line("hostile", "cr")}\r`,
    bytes: noZip,
    becomes: rejected("KeyMalformed"),
  },
  {
    what: "an escape sequence",
    key: line("hostile", "\u001b[31mred"),
    bytes: noZip,
    becomes: rejected("KeyControlCharacter"),
  },
  {
    what: "two dots between slashes",
    key: line("hostile", "../main"),
    bytes: noZip,
    becomes: rejected("KeyDotSegment"),
  },
  {
    what: "one dot between slashes",
    key: line(".", "main"),
    bytes: noZip,
    becomes: rejected("KeyDotSegment"),
  },
  {
    what: "no branch",
    key: "111111111111/hostile/latest.zip",
    bytes: noZip,
    becomes: rejected("KeyMissingSegments"),
  },
  { what: "no app", key: "111111111111/latest.zip", bytes: noZip, becomes: rejected("KeyMissingSegments") },
  {
    what: "another file",
    key: "111111111111/hostile/x/latest.tar.gz",
    bytes: noZip,
    becomes: rejected("KeyMalformed"),
  },
  {
    what: "an account of wide digits",
    key: "１１１１１１１１１１１１/hostile/x/latest.zip",
    bytes: noZip,
    becomes: "ignored",
    as: "cloud team",
  },
  {
    what: "an account of 13 digits",
    key: "1111111111111/hostile/x/latest.zip",
    bytes: noZip,
    becomes: rejected("KeyAccountMalformed"),
    as: "cloud team",
  },
  {
    what: "a slash at the beginning",
    key: `/${line("hostile", "x")}`,
    bytes: noZip,
    becomes: "ignored",
    as: "cloud team",
  },
  {
    what: "a target's account",
    key: "222222222222/hostile/x/latest.zip",
    bytes: noZip,
    becomes: rejected("AccountUnknown"),
    as: "cloud team",
  },
  {
    what: "a key with the file name alone",
    key: "latest.zip",
    bytes: noZip,
    becomes: "ignored",
    as: "cloud team",
  },
  {
    what: "another team's prefix",
    key: "121212121212/hostile/x/latest.zip",
    bytes: noZip,
    becomes: rejectedByS3("AccessDenied"),
  },
  {
    what: "another team's prefix, by two dots",
    key: "111111111111/../121212121212/hostile/x/latest.zip",
    bytes: noZip,
    becomes: rejected("KeyDotSegment"),
  },
  {
    what: "a forged result",
    key: "results/111111111111/hostile/x/latest.json",
    bytes: Buffer.from('{"status":"released"}'),
    becomes: rejectedByS3("AccessDenied"),
  },
  {
    what: "a line below the results",
    key: "results/111111111111/hostile/x/latest.zip",
    bytes: noZip,
    becomes: "ignored",
    as: "cloud team",
  },
];
