/** Every name AWS sees that follows from a line, with the rule AWS has for it: pattern and length as its API states them. */
import { lineMessage } from "#journey/message.ts";
import { lineTags } from "#journey/stack-tags.ts";
import { formatKey, type Line, parseKey, resultKeys } from "#release/names/key.ts";
import { cacheKeys, formerPipelineName, lineCode, lineName, pipelineName } from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import { tags } from "#release/names/tags.ts";

/** The longest an estate file takes. */
export const longestEnvironment = `e${"-0".repeat(14)}9`;
/** As long as S3's are. */
const versionId = "v".repeat(32);

type Derived = {
  readonly of: (line: Line) => string;
  readonly allowed: RegExp;
  /** What of the line it holds whole, and nothing else that varies: so it tells lines apart as well as that does. */
  readonly holds: "name" | "key" | "code" | "digest first" | "nothing";
};

/** Tags have the narrowest rule of the services a stack's tags are handed on to. */
const tag = /^(?!aws:)(?=.{1,256}$)[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/isu;
const messageId = "00000000-0000-4000-8000-000000000000";
/** S3 counts bytes, patterns count characters. */
const sized = (key: string): string => (Buffer.byteLength(key) <= 1024 ? key : `too long: ${key}`);

export const derived = {
  /** What observe takes for a line's name. */
  "line name": { of: lineName, allowed: /^[a-z](?!.*--)[a-z0-9-]{0,44}-[a-z2-7]{12}$/, holds: "name" },
  // The name of the pipeline's stack has a narrower pattern than the name of the pipeline, and a longer limit.
  pipeline: { of: pipelineName, allowed: /^[a-zA-Z][-a-zA-Z0-9]{0,99}$/, holds: "digest first" },
  "former pipeline": { of: formerPipelineName, allowed: /^[a-zA-Z][-a-zA-Z0-9]{0,99}$/, holds: "name" },
  "application stack": {
    of: (line) => stackName(longestEnvironment, line),
    allowed: /^[a-zA-Z](?!.*--)[-a-zA-Z0-9]{0,29}$/,
    holds: "code",
  },
  "further application stack": {
    of: (line) => stackName(longestEnvironment, line, "orders-api"),
    allowed: /^[a-zA-Z](?!.*--)[-a-zA-Z0-9]{0,29}$/,
    holds: "code",
  },
  "long application stack": {
    of: (line) => longStackName(longestEnvironment, line),
    allowed: /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/,
    holds: "name",
  },
  "record in the cache": {
    of: (line) => cacheKeys.record(lineCode(line)),
    allowed: /^[\w./-]{1,1024}$/,
    holds: "code",
  },
  "message group": {
    of: (line) => lineMessage({ cause: "upload", line }, "feature", messageId).group,
    allowed: /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/,
    holds: "name",
  },
  "line in the cache": {
    of: (line) => cacheKeys.line(lineName(line)),
    allowed: /^[\w./-]{1,1024}$/,
    holds: "name",
  },
  "bundle in the cache": {
    of: (line) => cacheKeys.bundle(lineName(line)),
    allowed: /^[\w./-]{1,1024}$/,
    holds: "name",
  },
  "result of a version": {
    of: (line) => sized(resultKeys(formatKey(line), versionId).version),
    allowed: /^results\/\d{12}\/.+\.json$/s,
    holds: "key",
  },
  "newest result": {
    of: (line) => sized(resultKeys(formatKey(line), versionId).latest ?? ""),
    allowed: /^results\/\d{12}\/.+\.json$/s,
    holds: "key",
  },
  "tag of the app": { of: (line) => lineTags(line)[tags.app] ?? "", allowed: tag, holds: "nothing" },
  "tag of the branch": { of: (line) => lineTags(line)[tags.branch] ?? "", allowed: tag, holds: "nothing" },
} as const satisfies Record<string, Derived>;

/** True for lines a key can be of: the others are refused before anything is named after them. */
export function isLine(line: Line): boolean {
  try {
    const read = parseKey(formatKey(line));
    return read.app === line.app && read.branch === line.branch && read.account === line.account;
  } catch {
    return false;
  }
}
