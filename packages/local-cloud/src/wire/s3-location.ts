/** Finds the S3 object of a URL, such as the template URL in a request to another service. */
type S3Location = { readonly bucket: string; readonly key: string; readonly versionId?: string };

/** Accepts virtual-hosted style, path style, or an endpoint of the cloud. */
export function s3Location(url: string): S3Location | undefined {
  // A regular expression reads the URL, because `new URL` would fold `..` in keys.
  const match = /^(https?):\/\/([^/?#]+)\/([^?#]*)(?:\?([^#]*))?/.exec(url);
  if (!match) return undefined;
  const [, , host = "", path = "", query = ""] = match;
  const name = host.replace(/:\d+$/, "");
  const decoded = path.split("/").map(decodeURIComponent).join("/");
  const versionId = new URLSearchParams(query).get("versionId") ?? undefined;
  const version = versionId === undefined ? {} : { versionId };
  const hosted =
    /^(.+?)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com$/.exec(name)?.[1] ??
    /^(.+?)(?:\.s3(?:\.[a-z0-9-]+)?)?\.localhost$/.exec(name)?.[1];
  if (hosted !== undefined) return decoded === "" ? undefined : { bucket: hosted, key: decoded, ...version };
  if (!/^(s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com|127\.0\.0\.1|localhost|\[::1\])$/.test(name))
    return undefined;
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1) return undefined;
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), ...version };
}
