/**
 * REST-XML of CloudFront: the path and method name the operation, and a member of the input is the
 * document.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { bindInput, bindOutput, decodeLabel, queryMatches, type Route, routesOf } from "./http-binding.ts";
import { bytesOf, type Wire, type WiredService } from "./wire.ts";
import { escapeXml } from "./xml.ts";
import { xml, xmlCodec } from "./xml-codec.ts";

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

export function createRoutedXmlWire(): Wire {
  const codec = xmlCodec("com.amazonaws.cloudfront", NAMESPACE);
  const routes = new Map<WiredService, readonly Route[]>();
  const routesFor = (wired: WiredService): readonly Route[] => {
    const known = routes.get(wired) ?? routesOf(wired.schema.operations.values());
    routes.set(wired, known);
    return known;
  };
  return {
    read: async (wired, request) => {
      const fits = routesFor(wired).flatMap((route) => {
        const match =
          route.method === request.method && queryMatches(route, request.query)
            ? route.pattern.exec(request.path)
            : null;
        return match === null ? [] : [{ route, match }];
      });
      // `?WithTags` makes another operation of the same path.
      const [best] = fits.sort((a, b) => b.route.query.length - a.route.query.length);
      if (best === undefined)
        throw new AwsError("NoSuchResource", `There is no ${request.method} ${request.path}`, 404);
      const { route, match } = best;
      const labels = Object.fromEntries(
        route.labels.map((label, index) => [label, decodeLabel(match[index + 1] ?? "")]),
      );
      const { input, payload } = bindInput(route.operation.input, request, labels);
      const bytes = await bytesOf(request.body);
      if (payload !== undefined && bytes.length > 0) input[payload[0]] = codec.read(payload[1], bytes);
      return { operation: route.operation, input: { ...input, ...labels } };
    },
    write: (_wired, { operation }, output, requestId) => {
      const record = (output ?? {}) as Record<string, unknown>;
      const { status, headers, payload } = bindOutput(operation.output, record);
      const answer = {
        status: status ?? operation.http?.[2] ?? 200,
        headers: { ...headers, "x-amzn-requestid": requestId },
      };
      const value = payload && record[payload[0]];
      return payload === undefined || value === undefined
        ? { ...answer, body: "" }
        : xml(answer, codec.write(payload[1], value));
    },
    fail: ({ schema }, error, requestId) =>
      xml(
        {
          status: schema.errors.get(error.code)?.httpError ?? error.status,
          headers: { "x-amzn-requestid": requestId },
        },
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${error.status >= 500 ? "Receiver" : "Sender"}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      ),
  };
}
