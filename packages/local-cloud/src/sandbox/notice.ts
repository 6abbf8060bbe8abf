/** Writes, at the start, the sentence about the files and the network that functions and builds have on this machine. */
import { containment } from "./containment.ts";

export async function sandboxNotice(): Promise<string> {
  const { missing } = await containment();
  if (missing === undefined)
    return "Functions and builds run in sandboxes: they see their own files and processes, and no network but this cloud.";
  return `WARNING: artifacts are not contained on this machine (${missing.split("\n")[0]}).
  Builds and Python functions run with the rights of your user: they can read your files, end your processes and use your network.
  Node functions can read their own files only (Node's permission model), and they can use your network.`;
}
