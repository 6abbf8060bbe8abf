/**
 * Tells the cloud's own files in a data directory from foreign ones, and deletes only its own. A data directory has a
 * marker, which the cloud writes into an empty directory.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "./aws-error.ts";

const marker = "local-cloud.json";
const blobs = "blobs";
const ownFiles: readonly string[] = [marker, "journal", "journal.next", "lock", blobs];

/** The names that `randomUUID` gives, and those of blobs that are being written. */
const blobName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.part)?$/;

export const isBlobName = (name: string): boolean => blobName.test(name);

/** Makes the directory, or takes a data directory. Throws for any other directory, and names its first foreign file. */
export function claimDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory);
  // A directory of an earlier version has no marker. Its journal and the lack of other files tell it.
  const earlier = names.includes("journal") && foreignFiles(directory).length === 0;
  if (names.includes(marker)) return;
  if (names.length > 0 && !earlier) {
    const found = foreignFiles(directory)[0] ?? names[0] ?? "";
    throw foreign(directory, found, `there is no ${marker} in it. Name a new or an empty directory`);
  }
  const about = {
    about: "State of an embedded AWS. It deletes only the files that it has written.",
    format: 1,
  };
  writeFileSync(join(directory, marker), `${JSON.stringify(about)}\n`);
}

/** Throws when the directory has a file that the cloud has not written. */
export function checkOwnFiles(directory: string): void {
  const [found] = foreignFiles(directory);
  if (found !== undefined) throw foreign(directory, found, "nothing was deleted. Move the file away");
}

/** Deletes the state. Throws before it deletes anything. */
export function clearDirectory(directory: string): void {
  checkOwnFiles(directory);
  for (const name of ownFiles) rmSync(join(directory, name), { recursive: true, force: true });
}

/** Paths relative to the directory. */
function foreignFiles(directory: string): readonly string[] {
  return [
    ...namesIn(directory).filter((name) => !ownFiles.includes(name)),
    ...namesIn(join(directory, blobs)).flatMap((name) => (isBlobName(name) ? [] : [join(blobs, name)])),
  ];
}

const foreign = (directory: string, found: string, so: string): AwsError =>
  new AwsError(
    "ForeignFile",
    `${directory} has ${found}, which the embedded cloud has not written, and ${so}.`,
    409,
  );

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw error;
  }
}
