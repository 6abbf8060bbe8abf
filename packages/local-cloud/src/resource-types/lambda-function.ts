/** AWS::Lambda::Function. */
import { crc32, deflateRawSync } from "node:zlib";
import { isObject, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { ResourceFailure } from "./resource-failure.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags, tagChanges, tagMap } from "./tag-lists.ts";

const configuration = [
  "Handler",
  "Runtime",
  "Role",
  "Description",
  "Timeout",
  "MemorySize",
  "Environment",
  "VpcConfig",
  "DeadLetterConfig",
  "KmsKeyArn",
  "TracingConfig",
  "Layers",
  "FileSystemConfigs",
  "ImageConfig",
  "EphemeralStorage",
  "SnapStart",
  "LoggingConfig",
] as const;

/** The value with which an update removes a property. */
const cleared: Readonly<Record<string, unknown>> = {
  Description: "",
  Timeout: 3,
  MemorySize: 128,
  Environment: { Variables: {} },
  DeadLetterConfig: { TargetArn: "" },
  KMSKeyArn: "",
  TracingConfig: { Mode: "PassThrough" },
  Layers: [],
  FileSystemConfigs: [],
  EphemeralStorage: { Size: 512 },
};

const configurationOf = (properties: JsonObject): Record<string, unknown> =>
  present(
    Object.fromEntries(
      configuration.map((name) => [name === "KmsKeyArn" ? "KMSKeyArn" : name, properties[name]]),
    ),
  );

/** Inline source becomes a zip of a single file, `index` with the runtime's extension. */
function inlineZip(source: string, runtime: string): Buffer {
  const name = Buffer.from(runtime.startsWith("python") ? "index.py" : "index.js");
  const data = Buffer.from(source);
  const packed = deflateRawSync(data);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt16LE(0x21, 8);
  head.writeUInt32LE(crc32(data), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, name, packed]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE((0o100644 << 16) >>> 0, 6);
  const central = Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), head, tail, name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}

function codeOf(properties: JsonObject): Record<string, unknown> {
  const code = isObject(properties["Code"]) ? properties["Code"] : {};
  const { ZipFile, SourceKMSKeyArn, S3ObjectStorageMode: _mode, ...location } = code;
  const key = SourceKMSKeyArn === undefined ? {} : { SourceKMSKeyArn };
  return ZipFile === undefined
    ? { ...location, ...key }
    : { ZipFile: inlineZip(String(ZipFile), textOf(properties, "Runtime") ?? "nodejs"), ...key };
}

type Answer = {
  readonly FunctionArn?: string;
  readonly FunctionName?: string;
  readonly State?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
};

/** Waits until Lambda has updated the function. A failure there is a failure of the resource. */
export async function settled(name: string, context: ResourceContext): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const { Configuration: now = {} } = await context.call<{ Configuration?: Answer }>(
      "lambda",
      "GetFunction",
      { FunctionName: name },
    );
    if (now.State === "Failed")
      throw new ResourceFailure(`Lambda function ${name} is in Failed state: ${now.StateReason ?? ""}`);
    if (now.LastUpdateStatus === "Failed")
      throw new ResourceFailure(
        `Lambda function ${name} failed to update: ${now.LastUpdateStatusReason ?? ""}`,
      );
    if (now.State !== "Pending" && now.LastUpdateStatus !== "InProgress") return now;
    if (tries > 2000 || context.cloud.stopping())
      throw new ResourceFailure(`Lambda function ${name} did not stabilize.`);
    await context.clock.sleep(context.cloud.pace.resource);
  }
}

const described = (answer: Answer): Provisioned => ({
  physicalId: answer.FunctionName ?? "",
  attributes: { Arn: answer.FunctionArn ?? "" },
});

async function reserve(
  name: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  const wanted = properties["ReservedConcurrentExecutions"];
  if (sameJson(wanted, previous["ReservedConcurrentExecutions"])) return;
  if (wanted === undefined) await context.call("lambda", "DeleteFunctionConcurrency", { FunctionName: name });
  else
    await context.call("lambda", "PutFunctionConcurrency", {
      FunctionName: name,
      ReservedConcurrentExecutions: wanted,
    });
}

export const lambdaFunction: ResourceType = {
  type: "AWS::Lambda::Function",
  create: async (properties, context) => {
    const name = textOf(properties, "FunctionName") ?? context.name({ max: 64 });
    await context
      .call("lambda", "CreateFunction", {
        FunctionName: name,
        Code: codeOf(properties),
        ...configurationOf(properties),
        ...present({ PackageType: properties["PackageType"], Architectures: properties["Architectures"] }),
        Tags: tagMap(allTags(properties, context)),
      })
      .catch((error: unknown) => {
        if (!(context.resumed && isAwsError(error, "ResourceConflictException"))) throw error;
      });
    await reserve(name, properties, {}, context);
    return described(await settled(name, context));
  },
  update: async (name, properties, previous, context) => {
    const [wanted, before] = [configurationOf(properties), configurationOf(previous)];
    if (!sameJson(wanted, before)) {
      const gone = Object.keys(before).filter(
        (key) => wanted[key] === undefined && cleared[key] !== undefined,
      );
      await context.call("lambda", "UpdateFunctionConfiguration", {
        FunctionName: name,
        ...Object.fromEntries(gone.map((key) => [key, cleared[key]])),
        ...wanted,
      });
      await settled(name, context);
    }
    if (
      !sameJson(properties["Code"], previous["Code"]) ||
      !sameJson(properties["Architectures"], previous["Architectures"])
    ) {
      await context.call("lambda", "UpdateFunctionCode", {
        FunctionName: name,
        ...codeOf(properties),
        ...present({ Architectures: properties["Architectures"] }),
      });
    }
    await reserve(name, properties, previous, context);
    const now = await settled(name, context);
    const { Tags = {} } = await context.call<{ Tags?: Record<string, string> }>("lambda", "ListTags", {
      Resource: now.FunctionArn,
    });
    const old = Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }));
    const { add, remove } = tagChanges(old, allTags(properties, context));
    if (add.length > 0)
      await context.call("lambda", "TagResource", { Resource: now.FunctionArn, Tags: tagMap(add) });
    if (remove.length > 0)
      await context.call("lambda", "UntagResource", { Resource: now.FunctionArn, TagKeys: remove });
    return described(now);
  },
  delete: async (name, _properties, context) => {
    await context.call("lambda", "DeleteFunction", { FunctionName: name });
  },
  permissions: [
    "lambda:CreateFunction",
    "lambda:GetFunction",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateFunctionCode",
    "lambda:PutFunctionConcurrency",
    "lambda:DeleteFunctionConcurrency",
    "lambda:ListTags",
    "lambda:TagResource",
    "lambda:UntagResource",
    "lambda:DeleteFunction",
    "iam:PassRole",
    "s3:GetObject",
    "s3:GetObjectVersion",
  ],
};
