/** The contract of each port of results. */
import { describe, expect, it } from "vitest";
import type { Results } from "#ports/results.ts";

type ResultsSubject = AsyncDisposable & { readonly port: Results };

export function resultsContract(name: string, open: () => Promise<ResultsSubject>): void {
  describe(`results in ${name}`, () => {
    it("is absent until it is written, and then has the content of the last write", async () => {
      await using subject = await open();
      const key = "results/111111111111/shop/feature/größe/latest.json";
      expect(await subject.port.read(key)).toBeUndefined();
      await subject.port.write(key, '{"a":1}');
      await subject.port.write(key, '{"a":"größe"}');
      expect(await subject.port.read(key)).toBe('{"a":"größe"}');
    });
  });
}
