/** Tests that Prepare reads its own outputs from memory, and all other artifacts from the bucket. */
import { expect, it } from "vitest";
import { withOwnOutputs } from "#journey/own-outputs.ts";
import type { ArtifactLocation } from "#ports/job-artifacts.ts";
import { memoryJobArtifacts } from "#test/support/fakes/storage.ts";

const at = (key: string) => ({ bucket: "cache", key });
const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ["a small output from memory", 1, 0],
  ["a large output from the bucket", 1_000_001, 1],
])("reads %s", async (_, size, reads) => {
  const bucket = memoryJobArtifacts();
  let seen = 0;
  const { jobArtifacts } = withOwnOutputs({
    jobArtifacts: {
      ...bucket,
      read: (location: ArtifactLocation) => {
        seen += 1;
        return bucket.read(location);
      },
    },
  });
  const output = new Uint8Array(size);
  await jobArtifacts.write(at("Prepared"), output);
  expect(await jobArtifacts.read(at("Prepared"))).toEqual(output);
  expect(seen).toBe(reads);
  bucket.objects.set("Packaged", bytes("of another action"));
  await jobArtifacts.read(at("Packaged"));
  await jobArtifacts.read(at("Packaged"));
  expect(seen).toBe(reads + 2);
});

it("keeps no output that the bucket refuses", async () => {
  const bucket = memoryJobArtifacts();
  const { jobArtifacts } = withOwnOutputs({ jobArtifacts: bucket });
  bucket.objects.set("Prepared", bytes("of an earlier invocation"));
  await expect(jobArtifacts.write(at("Prepared"), bytes("other"))).rejects.toMatchObject({
    code: "AssetAltered",
  });
  expect(await jobArtifacts.read(at("Prepared"))).toEqual(bytes("of an earlier invocation"));
});
