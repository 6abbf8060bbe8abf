/** Answers the custom resources of target accounts, whose functions do not run in this estate. */
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { SimulatedCloud } from "#test/simulation/cloud.ts";

/** Returns whether a custom resource waited for its answer. */
export async function answerCustomResource(
  cloud: SimulatedCloud,
  targets: readonly string[],
): Promise<boolean> {
  for (const account of targets) {
    const [event] = cloud.rows<QueuedEvent>("lambda", account, "events");
    if (event === undefined) continue;
    const { ResponseURL } = JSON.parse(event.payload) as { readonly ResponseURL: string };
    const { pathname, searchParams } = new URL(ResponseURL);
    const [owner = ""] = searchParams.get("X-Amz-Credential")?.split("/") ?? [];
    const [, Bucket, ...key] = pathname.split("/").map(decodeURIComponent);
    const Body = Buffer.from(JSON.stringify({ Status: "SUCCESS", PhysicalResourceId: event.function }));
    await cloud.ask(owner, "s3", "PutObject", { Bucket, Key: key.join("/"), Body });
    cloud.memory.store.table(`lambda/${account}/${cloud.base.estate.region}/events`).delete(event.id);
    return true;
  }
  return false;
}
