/** The contract of each store of the artifacts between actions. */
import { describe, expect, it } from "vitest";
import type { ArtifactLocation, JobArtifacts } from "#ports/job-artifacts.ts";
import { errorOf } from "#test/release/samples.ts";

type JobArtifactsSubject = AsyncDisposable & {
  readonly port: JobArtifacts;
  readonly at: (key: string) => ArtifactLocation;
};

export function jobArtifactsContract(name: string, open: () => Promise<JobArtifactsSubject>): void {
  describe(`outputs of actions in ${name}`, () => {
    it("takes the same bytes again, and refuses other bytes", async () => {
      await using subject = await open();
      const { port } = subject;
      const output = subject.at("kedge-line-x/Prepared_p/abc");
      await port.write(output, Buffer.from("documents"));
      await port.write(output, Buffer.from("documents"));
      const error = await errorOf(() => port.write(output, Buffer.from("others")));
      expect(error?.code).toBe("AssetAltered");
      expect(Buffer.from(await port.read(output)).toString()).toBe("documents");
    });
  });
}
