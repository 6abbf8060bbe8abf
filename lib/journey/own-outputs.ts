/**
 * Lets Prepare read its own outputs from memory: its second invocation needs the documents of the first one. An output
 * is written once, so its bytes do not change under its key. Execute reads the object itself and compares it.
 */
import type { ArtifactLocation, JobArtifacts } from "#ports/job-artifacts.ts";
import { memory } from "./memory.ts";

const mostOutputs = 8;
/** Larger outputs are read from the bucket. */
const mostBytes = 1_000_000;

export function withOwnOutputs<Deps extends { readonly jobArtifacts: JobArtifacts }>(deps: Deps): Deps {
  const held = memory<Uint8Array>(mostOutputs);
  const nameOf = ({ bucket, key }: ArtifactLocation): string => `${bucket}/${key}`;
  const { jobArtifacts } = deps;
  const remembering: JobArtifacts = {
    read: async (location) => held.get(nameOf(location)) ?? jobArtifacts.read(location),
    write: async (location, content) => {
      await jobArtifacts.write(location, content);
      if (content.length <= mostBytes) held.set(nameOf(location), content);
    },
  };
  return { ...deps, jobArtifacts: remembering };
}
