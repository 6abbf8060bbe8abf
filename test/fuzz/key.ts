/**
 * Fuzzes the key parser: an accepted key is formatted to the same text, and every key has a key for its
 * result.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { formatKey, isResultKey, parseKey, resultKeys } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { tokens } from "./mutate.ts";
import { Broken, type Target } from "./target.ts";

const good = [
  "111111111111/shop/main/latest.zip",
  "000000000000/my shop/feature/JIRA-42/größe ändern/latest.zip",
  "222222222222/👩🏽‍🚀/v1.2.../latest.zip",
  `333333333333/${"a".repeat(200)}/${"b/".repeat(300)}c/latest.zip`,
];

export const key: Target = {
  name: "key",
  corpus: () => good.map((each) => Buffer.from(each)),
  mutations: [
    tokens([
      "/",
      "//",
      ".",
      "..",
      "/latest.zip",
      "\0",
      "\n",
      "\u0085",
      "\u202e",
      "%2F",
      "+",
      "results/",
      "by-hash",
      "1",
      "é",
      "e\u0301",
    ]),
  ],
  check: (input) => {
    const text = new TextDecoder().decode(input);
    const { version, latest = version } = resultKeys(text, "v".repeat(32));
    for (const each of [version, latest]) {
      // S3 takes keys of at most 1024 bytes, so longer keys never reach the parser.
      if (Buffer.byteLength(text) <= 1024 && Buffer.byteLength(each) > 1024)
        throw new Broken(`${each} is too long`);
      if (!isResultKey(each)) throw new Broken(`${each} is no result's key`);
    }
    try {
      const line = parseKey(text);
      if (formatKey(line) !== text)
        throw new Broken(`${JSON.stringify(line)} is not written back as it was read`);
      if (!/^[a-z][a-z0-9-]{0,57}$/.test(lineName(line))) throw new Broken(`${lineName(line)} is no name`);
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.move !== "rejected") throw error;
    }
  },
};
