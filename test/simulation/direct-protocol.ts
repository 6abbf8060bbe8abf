/**
 * A protocol of the AWS clients that hands inputs and outputs over as objects. A simulated call has no
 * request to write, sign, read and check, which saves half of the processor time of a run. The middleware of
 * the client stays: it retries, and checks inputs and answers. Errors take the real protocol, because it
 * makes the error classes that the product compares.
 */
import { Readable } from "node:stream";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import {
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
  AwsRestXmlProtocol,
  AwsSmithyRpcV2CborProtocol,
} from "@aws-sdk/core/protocols";
import type { Protocol } from "@kedge/local-cloud/kernel/service";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { sdkStreamMixin } from "@smithy/core/serde";

type Members = Readonly<Record<string, unknown>>;

/** A call as an object: the operation, its input, and its caller. */
export type DirectCall = {
  /** The namespace of the service's schemas, for example `com.amazonaws.s3`. */
  readonly namespace: string;
  readonly operation: string;
  readonly input: Members;
  readonly accessKeyId: string;
  readonly region: string;
};

const oneSpace = new Uint8Array([32]);

/** A request that carries a call. */
class DirectRequest extends HttpRequest {
  readonly call: DirectCall;

  constructor(call: DirectCall) {
    // The client of S3 warns of an upload without a length.
    const headers = { "content-length": "0" };
    super({ method: "POST", protocol: "http:", hostname: "127.0.0.1", path: "/", headers });
    this.call = call;
  }
}

/** A client may copy its request, so the class of a request says nothing. */
export const isDirect = (request: object): request is { readonly call: DirectCall } => "call" in request;

/** A response that carries the output of a call. */
export class DirectResponse extends HttpResponse {
  readonly output: unknown;
  // The client of S3 takes an empty body of a copy for an error.
  override readonly body = oneSpace;

  constructor(output: unknown) {
    super({ statusCode: 200, headers: {} });
    this.output = output;
  }
}

type Settings = ConstructorParameters<typeof AwsJson1_1Protocol>[0] &
  ConstructorParameters<typeof AwsRestXmlProtocol>[0] &
  ConstructorParameters<typeof AwsQueryProtocol>[0];
type ErrorProtocol = Pick<AwsRestXmlProtocol, "deserializeResponse" | "setSerdeContext"> & {
  readonly getPayloadCodec: () => unknown;
};
type Operation = Parameters<ErrorProtocol["deserializeResponse"]>[0];
type Context = Parameters<ErrorProtocol["deserializeResponse"]>[1];
type Caller = {
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<{ readonly accessKeyId: string }>;
};

const errorProtocols: Readonly<Record<Protocol, (settings: Settings) => ErrorProtocol>> = {
  "json-1.0": (settings) => new AwsJson1_0Protocol(settings),
  "json-1.1": (settings) => new AwsJson1_1Protocol(settings),
  query: (settings) => new AwsQueryProtocol(settings),
  "rest-xml": (settings) => new AwsRestXmlProtocol(settings),
  "routed-xml": (settings) => new AwsRestXmlProtocol(settings),
  "rest-json": (settings) => new AwsRestJsonProtocol(settings),
  cbor: (settings) => new AwsSmithyRpcV2CborProtocol(settings),
};

/** Returns the settings of a client that calls directly. `protocolOf` is called with the namespace of the client's service. */
export const directClient = (protocolOf: (namespace: string) => Protocol) => ({
  protocol: protocolClass(protocolOf) as unknown as NonNullable<S3ClientConfig["protocol"]>,
  signer: { sign: async (request: DirectRequest) => request } as unknown as NonNullable<
    S3ClientConfig["signer"]
  >,
  requestChecksumCalculation: "WHEN_REQUIRED" as const,
  cacheMiddleware: true,
});

function protocolClass(protocolOf: (namespace: string) => Protocol) {
  return class DirectProtocol {
    readonly #errors: ErrorProtocol;
    readonly #kept: Kept;

    constructor(settings: Settings) {
      const protocol = protocolOf(settings.defaultNamespace);
      this.#errors = errorProtocols[protocol](settings);
      this.#kept = protocol.endsWith("-xml") ? isInXml : isGiven;
    }

    getShapeId(): string {
      return "kedge.simulation#direct";
    }

    getPayloadCodec(): unknown {
      return this.#errors.getPayloadCodec();
    }

    setSerdeContext(context: Context): void {
      this.#errors.setSerdeContext(context);
    }

    updateServiceEndpoint(request: HttpRequest): HttpRequest {
      return request;
    }

    async serializeRequest(
      { name: operation, namespace }: Operation,
      input: Members,
      { credentials, region }: Caller,
    ): Promise<HttpRequest> {
      const { accessKeyId } = await credentials();
      return new DirectRequest({
        ...{ namespace, operation, accessKeyId },
        region: await region(),
        input: copied(input, isGiven) as Members,
      });
    }

    async deserializeResponse(
      operation: Operation,
      context: Context,
      response: HttpResponse,
    ): Promise<unknown> {
      if (!(response instanceof DirectResponse))
        return this.#errors.deserializeResponse(operation, context, response);
      const output = (copied(response.output, this.#kept) ?? {}) as Record<string, unknown>;
      const streaming = streamingMember(operation);
      if (streaming !== undefined && output[streaming] !== undefined)
        output[streaming] = sdkStreamMixin(asStream(output[streaming]));
      return { ...output, $metadata: { httpStatusCode: 200 } };
    }
  };
}

/** The members that are streams, by operation, because reading a schema costs more than a call. */
const streaming = new Map<string, string | undefined>();

function streamingMember({ namespace, name, output }: Operation): string | undefined {
  const key = `${namespace}#${name}`;
  if (!streaming.has(key)) {
    const schema = NormalizedSchema.of(output);
    const members = schema.isStructSchema() ? [...schema.structIterator()] : [];
    streaming.set(key, members.find(([, member]) => member.isStreaming())?.[0]);
  }
  return streaming.get(key);
}

const asStream = (value: unknown): Readable =>
  value instanceof Readable ? value : Readable.from([Buffer.from(value as Uint8Array)]);

type Kept = (member: unknown) => boolean;
const isGiven: Kept = (member) => member !== undefined && member !== null;
/** An empty list has no element in the XML of S3. */
const isInXml: Kept = (member) => isGiven(member) && !(Array.isArray(member) && member.length === 0);

/**
 * Copies a document, because neither side may see a later change of the other's. Members that a wire leaves
 * out are left out. A stream stays the same object.
 */
function copied(value: unknown, kept: Kept): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, kept));
  if (value instanceof Date) return new Date(value);
  if (value instanceof Readable) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (kept(member)) copy[name] = copied(member, kept);
  return copy;
}
