/** Makes sent forms readable and repeatable: documents take the place of texts, placeholders that of random ids. */
import { createHash } from "node:crypto";
import { readZip } from "@kedge/local-cloud/build/zip-reader";

type Json = Readonly<Record<string, unknown>>;

/** AWS invents these ids, and the product derives tokens and digests from them. */
const randomIds: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "uuid"],
  [/\bkedge-[0-9a-f]{32}\b/g, "token"],
  [/\bp-[0-9a-f]{24}\b/g, "person"],
  [/(?<=kedge teardown )[0-9a-f]{12}\b/g, "digest of a version"],
  [/(?<=kedge-line-[a-z0-9-]{1,100}\/[A-Za-z_-]{1,40}\/)[A-Za-z0-9]{7}\b/g, "artifact"],
  [/(?<=-bucket-)[a-z0-9]{12,13}\b|\bE[A-Z0-9]{13}\b/g, "physical id"],
  // S3's ids of object versions have letters of both cases, which no digest has.
  [/(?<![\w.])(?=[\w.]{0,31}[A-Z])(?=[\w.]{0,31}[a-z])[\w.]{32}(?![\w.])/g, "object version"],
  // A rewritten template names object versions, and a clearance has the ids of change sets.
  [/(?<=\bkedge )[0-9a-f]{32}\b/g, "digest of a function"],
  [
    /(?<=(?:[cC]learance|digest|documents|configuration|template)(?:\\*": ?\\*"| )|\bMade of )[0-9a-f]{64}/g,
    "digest",
  ],
  [/(?<=<version \d+>-)[0-9a-f]{16}\b/g, "review"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "time"],
];

/** Numbers the ids in their order, so that equal ids stay recognisable within one form. */
export function withoutIds(form: unknown, versions: Iterable<string>): unknown {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const named = (kind: string, id: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    const name = names.get(id) ?? (kind === "time" ? "<time>" : `<${kind} ${count}>`);
    if (!names.has(id)) counts.set(kind, count);
    names.set(id, name);
    return name;
  };
  let text = JSON.stringify(form);
  const present = [...versions].filter((version) => text.includes(version));
  for (const version of present.sort((a, b) => text.indexOf(a) - text.indexOf(b)))
    text = text.replaceAll(version, () => named("version", version));
  // The key of a rewritten template is the digest of its text, which names object versions.
  for (const [digest] of text.matchAll(/(?<=parts\/)[0-9a-f]{64}(?=\.template)/g))
    text = text.replaceAll(digest, () => named("template asset", digest));
  for (const [pattern, kind] of randomIds) text = text.replace(pattern, (id) => named(kind, id));
  return JSON.parse(text) as unknown;
}

/** Equal for forms that differ in nothing but their line, its stacks, keys and tags, digests, ids and ranges of bytes. */
export const kindOf = (form: unknown): string =>
  JSON.stringify(form)
    .replace(/<[a-z ]+ \d+>/g, "<id>")
    .replace(/[0-9a-f]{64}|[0-9a-f]{32}/g, "<digest>")
    .replace(/kedge-line-[a-z2-7]{12}--[a-z0-9-]+|(?<=lines\/)[a-z2-7]{9}(?=\.json)/g, "<line>")
    .replace(/(kedge-line-|kedge-app-)[a-z2-7]{9}\b(-[a-z0-9-]+)?/g, "$1<line>")
    .replace(/(kedge-line-|kedge-app-)?[a-z][a-z0-9-]*-[a-z2-7]{12}\b/g, "$1<line>")
    .replace(/\b\d{12}\/[^"]+\//g, "<line>/")
    .replace(/"(account|app|branch)":"[^"]*"/g, '"$1":""')
    .replace(/(?<="Key":"kedge:[a-z-]+","Value":)"[^"]*"/g, '""')
    .replace(/bytes=\d+-\d+/g, "bytes");

/** The SDK adds these fields by itself, or the embedded cloud invents their values. */
const ofTheTransfer = /^(Checksum.*|ContentLength|ContentMD5|ReceiptHandle|IfMatch)$/;
const ofVersions = /^(VersionId|revisionValue)$/;

/** The part of a call's input that its caller decides; texts and zips become the documents that they hold. */
export function readable(input: unknown): unknown {
  if (typeof input === "string") return documentIn(input);
  if (ArrayBuffer.isView(input))
    return contentOf(Buffer.from(input.buffer, input.byteOffset, input.byteLength));
  if (input instanceof Date) return input.toISOString();
  if (Array.isArray(input)) return input.map(readable);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input)
      .filter(([name, value]) => value !== undefined && !ofTheTransfer.test(name))
      .map(([name, value]) => [name, ofVersions.test(name) ? "<version>" : readable(value)]),
  );
}

function contentOf(bytes: Buffer): unknown {
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04"))) return { zip: filesIn(bytes) };
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? documentIn(text) : digestOf(bytes);
}

const filesIn = (zip: Buffer): Json =>
  Object.fromEntries(readZip(zip).map(({ name, read }) => [name, contentOf(read())]));

export const digestOf = (bytes: Buffer): Json => ({
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

/** A longer text that is no JSON is a file of a sample: its digest tells whether it changed. */
const longestText = 900;

/** A JSON text becomes its document, under the name of the layout that makes it the very same text again. */
function documentIn(text: string): unknown {
  const plain = text.length > longestText ? digestOf(Buffer.from(text)) : text;
  if (!/^\s*[[{]/.test(text)) return plain;
  try {
    const value = JSON.parse(text) as unknown;
    const layout = Object.entries(layouts).find(([, write]) => write(value) === text)?.[0];
    return layout === undefined ? plain : { [layout]: value };
  } catch {
    return plain;
  }
}

const layouts: Readonly<Record<string, (value: unknown) => string>> = {
  JSON: (value) => JSON.stringify(value),
  "JSON, indented": (value) => JSON.stringify(value, null, 2),
  "JSON, indented, with a line break": (value) => `${JSON.stringify(value, null, 2)}\n`,
};
