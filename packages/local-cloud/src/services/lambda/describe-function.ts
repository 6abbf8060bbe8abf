/** Converts a stored version to the configuration that Lambda's API returns. */
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Clock } from "#cloud/kernel/clock.ts";
import { functionArn } from "./function-name.ts";
import type { LambdaState, Version } from "./state.ts";

export const isActive = (version: Version, clock: Clock): boolean =>
  clock.now().getTime() >= version.activeAt;
export const isUpdating = (version: Version, clock: Clock): boolean =>
  clock.now().getTime() < version.updatedAt;

export function describeFunction(
  version: Version,
  state: LambdaState,
  clock: Clock,
  qualified = version.version !== "$LATEST",
): FunctionConfiguration {
  const active = isActive(version, clock);
  const row = state.functions.get(version.name);
  return {
    FunctionName: version.name,
    FunctionArn: functionArn({ ...version, qualifier: qualified ? version.version : undefined }),
    Runtime: version.runtime as NonNullable<FunctionConfiguration["Runtime"]>,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.code.size,
    Description: version.description,
    Timeout: version.timeout,
    MemorySize: version.memorySize,
    LastModified: new Date(version.modifiedAt).toISOString().replace("Z", "+0000"),
    CodeSha256: version.code.sha256,
    Version: version.version,
    ...(version.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: version.deadLetterArn } }),
    ...(version.environment !== undefined && { Environment: { Variables: { ...version.environment } } }),
    ...(version.kmsKeyArn !== undefined && { KMSKeyArn: version.kmsKeyArn }),
    TracingConfig: { Mode: version.tracing === "Active" ? "Active" : "PassThrough" },
    RevisionId: version.revisionId,
    ...(version.layers.length > 0 && {
      Layers: version.layers.map((Arn) => ({ Arn, CodeSize: layerSize(state, Arn) })),
    }),
    State: active ? "Active" : "Pending",
    ...(!active && { StateReason: "The function is being created.", StateReasonCode: "Creating" }),
    LastUpdateStatus: isUpdating(version, clock) ? "InProgress" : "Successful",
    PackageType: "Zip",
    Architectures: version.architectures as NonNullable<FunctionConfiguration["Architectures"]>,
    EphemeralStorage: { Size: version.ephemeralStorage },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    RuntimeVersionConfig: {
      RuntimeVersionArn: `arn:aws:lambda:${version.region}::runtime:${version.code.sha256.replace(/\W/g, "").toLowerCase()}`,
    },
    LoggingConfig: {
      LogFormat: version.logFormat === "JSON" ? "JSON" : "Text",
      LogGroup: version.logGroup ?? `/aws/lambda/${version.name}`,
      ...(version.logFormat === "JSON" && { ApplicationLogLevel: "INFO", SystemLogLevel: "INFO" }),
    },
    ...(row === undefined && { StateReason: "The function is being deleted." }),
  };
}

const layerSize = (state: LambdaState, arn: string): number => {
  const [layer = "", version = ""] = arn.split(":").slice(-2);
  return state.layers.get(`${layer}:${version}`)?.code.size ?? 0;
};
