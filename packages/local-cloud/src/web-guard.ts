/**
 * Refuses the requests that a web page can make a browser send. The cloud has no password, and functions run on the
 * machine, so a page that reaches it runs code there.
 *
 * - A page of another site reaches it under a name that resolves to 127.0.0.1 (DNS rebinding): `Host` tells it.
 * - A page sends `fetch`, a form or an image: `Origin`, `Sec-Fetch-Site` or `Referer` tells it. Scripts cannot set these
 *   (Fetch Standard, "forbidden request-header").
 * - `/_cloud` needs a header that a page sends after a preflight only, and the cloud answers no preflight there.
 */

/** Names and values as Node reads them: names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

/** Names of this machine. `*.localhost` is always the machine itself (RFC 6761, section 6.3). */
const local = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;

/** The header for `/_cloud`, with any value. */
const cloudHeader = "x-local-cloud";

/** Tools whose `User-Agent` a page cannot send: it is not CORS-safelisted (Fetch Standard, "CORS-safelisted request-header"). */
const tools = /^(curl|wget|python-urllib|python-requests|node|undici|aws-cli|boto3|aws-sdk-[a-z]+)\b/i;

/** The reason why the request is refused; undefined for a request of a program. `hosts`: further names of the cloud. */
export function rejectionOf(
  path: string,
  headers: Headers,
  hosts: readonly string[] = [],
): string | undefined {
  const known = (name: string): boolean => local.test(name) || hosts.includes(name);
  const host = hostName(headers["host"] ?? "");
  if (!known(host))
    return `The Host ${quoted(headers["host"])} is not a name of this cloud. Use 127.0.0.1 or localhost, or start it with --host ${host || "<name>"}.`;
  const senders = ["origin", "referer"].filter((name) => headers[name] !== undefined);
  const foreign = senders.find((name) => !known(originName(headers[name] ?? "")));
  if (foreign !== undefined)
    return `A page of ${quoted(headers[foreign])} sent this request (header ${foreign}). The cloud answers pages of this machine only.`;
  // A page of localhost that calls 127.0.0.1 is cross-site too, and names its origin.
  if (/^(cross|same)-site$/.test(headers["sec-fetch-site"] ?? "") && senders.length === 0)
    return "A page of another site sent this request (header sec-fetch-site). The cloud answers pages of this machine only.";
  if (!/^\/_cloud(\/|$)/.test(path) || headers[cloudHeader] || tools.test(headers["user-agent"] ?? ""))
    return undefined;
  return `A request to /_cloud needs the header ${cloudHeader}, with any value. A web page cannot send it.`;
}

/** Without the port. @example hostName("localhost:4566") === "localhost" */
const hostName = (host: string): string => host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");

/** The empty name, which is no name of the cloud, for `null` and for a text that is no URL. */
function originName(origin: string): string {
  if (!URL.canParse(origin)) return "";
  const { protocol, hostname } = new URL(origin);
  return /^https?:$/.test(protocol) ? hostname : "";
}

const quoted = (text: string | undefined): string => JSON.stringify((text ?? "").slice(0, 200));
