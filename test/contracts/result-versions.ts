/** The contract of each log of result versions. */
import { describe, expect, it } from "vitest";
import type { ResultVersions } from "#ports/result-versions.ts";

type ResultVersionsSubject = AsyncDisposable & {
  readonly port: ResultVersions;
  /** Writes the object, or deletes it when `json` is undefined. */
  readonly write: (key: string, json: string | undefined) => Promise<void>;
};

const folder = "results/111111111111/shop/main/";

export function resultVersionsContract(name: string, open: () => Promise<ResultVersionsSubject>): void {
  describe(`versions of results in ${name}`, () => {
    it("lists each version and delete marker of the folder, the newest of a key first", async () => {
      await using subject = await open();
      const key = `${folder}v1.json`;
      for (const json of ['{"a":1}', '{"a":2}', undefined]) await subject.write(key, json);
      await subject.write(`${folder}below/v1.json`, "{}");
      const listed = (await subject.port.list(folder)).filter((each) => each.key === key);
      expect(listed).toHaveLength(3);
      expect(await subject.port.list("results/111111111111/none/main/")).toEqual([]);
      const kept = listed.filter(({ removed }) => !removed);
      const texts = await Promise.all(kept.map(({ id }) => subject.port.read(key, id)));
      expect(texts).toEqual(['{"a":2}', '{"a":1}']);
      expect((await subject.port.list(folder)).map((each) => each.key)).not.toContain(
        `${folder}below/v1.json`,
      );
    });
  });
}
