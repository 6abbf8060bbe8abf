/** Notes the calls to AWS as they went out, with their bodies. */
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { Asked } from "#test/simulation/asked.ts";
import type { Watch } from "#test/simulation/transport.ts";

/** A call that AWS accepted; `by` is the Lambda function or the role that made it. */
export type Sent = {
  readonly by: string;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};

type Note = (by: string, asked: Asked, outcome: string) => void;

export const noteIn =
  (sent: Sent[]): Note =>
  (by, asked, outcome) => {
    if (outcome === "ok") sent.push({ by, ...asked });
  };

const pass = { type: "pass" } as const;

/** A streamed body can be read once, so it becomes bytes before the call is made. */
export async function readBody({ input }: Asked): Promise<typeof pass> {
  const { Body } = input;
  if (isStream(Body)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of Body) chunks.push(chunk);
    (input as Record<string, unknown>)["Body"] = Buffer.concat(chunks);
  }
  return pass;
}

const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

/** Every call passes. */
export const watching = (by: string, note: Note): Watch => ({
  outcomeOf: readBody,
  afterCall: (asked, outcome) => note(by, asked, outcome),
  died: () => undefined,
  dead: () => false,
});

/** For functions that get jobs which CodePipeline does not know: it refuses their answers, and the first one is noted. */
export function watchingJobs(by: string, note: Note): Watch & { readonly begin: () => void } {
  let answered = false;
  return {
    ...watching(by, note),
    begin: () => {
      answered = false;
    },
    outcomeOf: async (asked) => {
      if (!/^PutJob(Success|Failure)Result$/.test(asked.operation)) return readBody(asked);
      if (!answered) note(by, asked, "ok");
      answered = true;
      return { type: "fail", error: new AwsError("JobNotFoundException", "CodePipeline has no such job.") };
    },
  };
}
