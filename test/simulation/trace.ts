/**
 * The trace of a run, line by line, with ids replaced by the order of their appearance. Two runs are equal
 * when their traces are equal.
 */
import type { Asked } from "./asked.ts";

type Trace = {
  readonly move: (what: string) => void;
  readonly asked: (by: string, asked: Asked, outcome: string) => void;
  /** The number of calls of functions so far. */
  readonly calls: () => number;
  readonly lines: () => readonly string[];
};

export function createTrace(): Trace {
  const lines: string[] = [];
  const names = new Map<string, string>();
  let calls = 0;
  const plain = (text: string): string =>
    text.replace(ids, (id) => {
      const name = names.get(id) ?? `<${names.size + 1}>`;
      names.set(id, name);
      return name;
    });
  return {
    move: (what) => void lines.push(plain(what)),
    asked: (by, asked, outcome) => {
      calls += 1;
      lines.push(
        plain(
          `  ${by} ${asked.service}:${asked.operation} ${subjectOf(asked)}${outcome === "ok" ? "" : ` → ${outcome}`}`,
        ),
      );
    },
    calls: () => calls,
    lines: () => lines,
  };
}

/** UUIDs, digests, also cut ones, S3 version ids, ids of people, and the names that CodePipeline gives to artifacts. */
const ids =
  /\bp-[0-9a-f]{24}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|(?<=-)[0-9a-f]{16}(?=\.)|(?<![A-Za-z0-9._])[A-Za-z0-9._]{32}(?![A-Za-z0-9_])|(?<=\/[A-Za-z_]{1,10}\/)[A-Za-z0-9]{7}\b/g;

function subjectOf({ input }: Asked): string {
  for (const name of ["StackName", "name", "pipelineName", "Key", "Prefix", "RoleArn", "QueueUrl", "jobId"]) {
    const value = input[name];
    if (typeof value === "string") return value;
  }
  return "";
}
