/** Artifacts for measuring: a small template, and a payload beside it that does not compress. */
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

/** Writes a zip of `template.json` and as many mebibytes of payload as asked. */
export async function writeArtifact(file: string, mebibytes: number): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(templateWith("on")), "template.json");
  zip.addReadStream(Readable.from(noise(mebibytes)), "assets/payload.bin", { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

/** A hash is as good as chance, and the same in every run. */
function* noise(mebibytes: number): Generator<Buffer> {
  for (let block = 0; block < mebibytes; block++) {
    const seed = createHash("sha256").update(String(block)).digest();
    yield createHash("shake256", { outputLength: blockBytes }).update(seed).digest();
  }
}

/** An artifact of a template alone; the application it deploys differs from one `value` to the next. */
export async function smallArtifact(value: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(templateWith(value)), "template.json");
  zip.end();
  return buffer(zip.outputStream as Readable);
}
