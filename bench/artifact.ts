/** Artifacts for measuring: a small template, and an incompressible payload. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

const blockBytes = 2 ** 20;

const templateWith = (Value: string): string =>
  JSON.stringify({
    Resources: { Setting: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value } } },
  });

/** Writes a zip of `template.json` and of a payload with this number of mebibytes. */
export async function writeArtifact(file: string, mebibytes: number): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(templateWith("on")), "template.json");
  zip.addReadStream(Readable.from(noise(mebibytes)), "assets/payload.bin", { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

/** Yields incompressible bytes that are the same in every run, because they are hashes. */
function* noise(mebibytes: number): Generator<Buffer> {
  for (let block = 0; block < mebibytes; block++) {
    const seed = createHash("sha256").update(String(block)).digest();
    yield createHash("shake256", { outputLength: blockBytes }).update(seed).digest();
  }
}

/** Makes an artifact of a template alone. Each `value` deploys another application. */
export async function smallArtifact(value: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(templateWith(value)), "template.json");
  zip.end();
  return buffer(zip.outputStream as Readable);
}
