/** Odd and hostile traits in well-formed zips. */
import { rawZip } from "#test/support/raw-zip.ts";
import { lawful, type Row, rejected } from "./row.ts";

const row = (
  what: string,
  text: string | Uint8Array,
  becomes: Row["becomes"] = rejected("TraitsMalformed"),
): Row => ({
  what,
  bytes: rawZip([lawful, { name: ".traits/deployment.yml", content: text }]),
  becomes,
});

export const traits: readonly Row[] = [
  row("traits of random bytes", Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 151) % 256))),
  row("traits in UTF-16", Buffer.from("\ufeffenvironments: [dev]\n", "utf16le")),
  row(
    "traits with an alias bomb",
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n`,
  ),
  row("traits nested 100000 deep", `${"[".repeat(100_000)}`),
  row("traits with a key twice", "environments: [dev]\nenvironments: [qa]\n"),
  {
    what: "traits in a file of another name",
    bytes: rawZip([lawful, { name: ".traits/deploy.yml" }]),
    becomes: rejected("TraitsMalformed"),
  },
  row("traits of a list", "- environments\n"),
  row(
    "traits with the names of JavaScript's own properties",
    "__proto__: {polluted: true}\nconstructor: 1\n",
  ),
];
