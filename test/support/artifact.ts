/** Artifacts as CI systems make them: yazl zips the given files. */
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

export type ArtifactFiles = Readonly<Record<string, string | Uint8Array>>;

export type ZipStyle = { readonly mtime?: Date; readonly compress?: boolean; readonly mode?: number };

export async function zipOf(
  files: ArtifactFiles,
  { mtime = new Date("2026-01-01T00:00:00Z"), compress = true, mode = 0o100644 }: ZipStyle = {},
): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { mtime, compress, mode });
  }
  zip.end();
  return buffer(zip.outputStream as unknown as NodeJS.ReadableStream as never);
}

/** A plain template with one resource. Only additional files change its plan. */
export const topicTemplate = (name: string): string =>
  JSON.stringify({ Resources: { [name]: { Type: "AWS::SNS::Topic" } } });
