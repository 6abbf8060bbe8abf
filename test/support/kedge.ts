/**
 * Runs the command line as people and CIs do: in a process of its own, with AWS settings in its environment.
 */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { asRole } from "#local-estate/as-role.ts";
import type { TestEstate } from "./estate.ts";

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * `account` gives the credentials: those of its administrator, or those of a role there. Without an estate,
 * the process has no credentials and no endpoint.
 */
export async function kedge(
  words: readonly string[],
  {
    shop,
    account = "111111111111",
    role,
  }: { readonly shop?: TestEstate; readonly account?: string; readonly role?: string } = {},
): Promise<Ran> {
  const session = shop && role !== undefined ? (await asRole(shop, account, role)).credentials : undefined;
  const settings =
    shop === undefined
      ? []
      : [
          `AWS_ENDPOINT_URL=${shop.endpoint}`,
          `AWS_REGION=${shop.region}`,
          `AWS_ACCESS_KEY_ID=${session?.accessKeyId ?? account}`,
          `AWS_SECRET_ACCESS_KEY=${session?.secretAccessKey ?? "any"}`,
          ...(session === undefined ? [] : [`AWS_SESSION_TOKEN=${session.sessionToken}`]),
          `KEDGE_ARTIFACT_BUCKET=${shop.bucket}`,
        ];
  const child = spawn("env", [...settings, process.execPath, "bin/kedge.ts", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
