/**
 * Keeps the answers of KMS for S3 Bucket Keys. S3 gets a short-lived key for the bucket from KMS and uses it for many
 * objects, but asks at least once for each requester: callers with different roles, accounts or session policies are
 * different requesters (S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys"). So a requester that
 * loses its right on the KMS key can use the bucket's key until its end.
 */
import type { Principal } from "#cloud/kernel/principal.ts";

/** AWS does not publish how long S3 keeps a bucket's key. */
const lifeMs = 5 * 60_000;
const mostAnswers = 1000;

/** One question of a requester to KMS about a bucket. */
type Question = {
  readonly requester: Principal;
  readonly bucketId: string;
  /** The operation with its input. */
  readonly asked: readonly unknown[];
  readonly now: Date;
};

export type BucketKeys = {
  /** Asks KMS, unless the requester has an answer. An error is not kept. */
  readonly once: <Answer>(question: Question, ask: () => Promise<Answer>) => Promise<Answer>;
};

export function createBucketKeys(): BucketKeys {
  const answers = new Map<string, { readonly until: number; readonly answer: unknown }>();
  return {
    once: async <Answer>({ requester, bucketId, asked, now }: Question, ask: () => Promise<Answer>) => {
      const name = JSON.stringify([requesterName(requester), bucketId, ...asked]);
      const held = answers.get(name);
      if (held !== undefined && now.getTime() < held.until) return held.answer as Answer;
      const answer = await ask();
      answers.delete(name);
      answers.set(name, { until: now.getTime() + lifeMs, answer });
      const [oldest] = answers.keys();
      if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
      return answer;
    },
  };
}

/** A role that was made anew under its name is another requester. */
function requesterName(principal: Principal): readonly unknown[] {
  switch (principal.kind) {
    case "role":
      return [principal.roleArn, principal.userId.split(":")[0], principal.sessionPolicies];
    case "service":
      return [principal.service, principal.sourceArn];
    case "anonymous":
      return ["anonymous"];
    default:
      return [principal.arn];
  }
}
