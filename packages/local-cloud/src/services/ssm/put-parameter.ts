/** PutParameter creates a parameter. With Overwrite it adds a version to an existing parameter. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { principalName } from "#cloud/kernel/principal.ts";
import { checkName, locationOf, storedParameter } from "./names.ts";
import { type Op, onParameter } from "./operation.ts";
import { encrypt } from "./secure-value.ts";
import type { ParameterType, ParameterVersion } from "./state.ts";

/** The tiers differ in the size of a value (Systems Manager API Reference, PutParameter, "Value"). */
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
/** Older versions are dropped (Systems Manager User Guide, "Working with parameter versions in Parameter Store"). */
const KEPT_VERSIONS = 100;
const TYPES: readonly string[] = ["String", "StringList", "SecureString"];

export const putParameter: Op<"PutParameter"> = {
  access: ({ Name, Tags, Overwrite }, call) => [
    { ...onParameter("PutParameter", Name, call), context: { "ssm:Overwrite": Overwrite ?? false } },
    ...(Tags?.length ? [onParameter("AddTagsToResource", Name, call)] : []),
  ],
  run: async (input, call) => {
    const asked = locationOf(input.Name ?? "", call).name;
    checkName(asked);
    const old = storedParameter(call.state, asked);
    const name = old?.name ?? asked;
    const last = old?.versions.at(-1);
    if (old !== undefined && !input.Overwrite) throw alreadyExists();
    if (old !== undefined && input.Tags?.length) {
      throw new AwsError(
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const type = typeOf(input.Type, last?.type);
    const value = input.Value ?? "";
    const wantedTier = input.Tier ?? last?.tier ?? "Standard";
    checkDataType(input.DataType);
    checkValue(value, type, wantedTier, input.AllowedPattern);
    const large = Buffer.byteLength(value) > STANDARD_BYTES;
    const tier = wantedTier === "Intelligent-Tiering" ? (large ? "Advanced" : "Standard") : wantedTier;
    const stored =
      type === "SecureString"
        ? await encrypt(call, name, value, { keyId: input.KeyId ?? last?.keyId, tier })
        : { value, keyId: undefined };
    // The parameter is read again, because another call may have added a version during the KMS call.
    const now = storedParameter(call.state, name);
    if (now !== undefined && !input.Overwrite) throw alreadyExists();
    const version: ParameterVersion = {
      version: (now?.versions.at(-1)?.version ?? 0) + 1,
      type,
      ...stored,
      description: input.Description ?? last?.description,
      allowedPattern: input.AllowedPattern,
      tier,
      policies: input.Policies,
      dataType: input.DataType ?? "text",
      modified: call.clock.now(),
      modifiedBy: principalName(call.principal),
      labels: [],
    };
    const stays = now?.name ?? name;
    call.state.parameters.set(stays, {
      name: stays,
      versions: [...(now?.versions ?? []), version].slice(-KEPT_VERSIONS),
      tags:
        now?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    });
    return { Version: version.version, Tier: version.tier };
  },
};

const alreadyExists = (): AwsError =>
  new AwsError(
    "ParameterAlreadyExists",
    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );

function typeOf(asked: string | undefined, before: ParameterType | undefined): ParameterType {
  const type = asked ?? before;
  if (type === undefined)
    throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
  if (!TYPES.includes(type))
    throw new AwsError("UnsupportedParameterType", `The parameter type ${type} is not supported.`);
  return type as ParameterType;
}

/** The data types of a parameter (Systems Manager API Reference, PutParameter, "DataType"). */
function checkDataType(dataType = "text"): void {
  if (!["text", "aws:ec2:image", "aws:ssm:integration"].includes(dataType))
    throw new AwsError(
      "ValidationException",
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
}

function checkValue(value: string, type: ParameterType, tier: string, pattern: string | undefined): void {
  if (value === "")
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  const limit = tier === "Standard" ? STANDARD_BYTES : ADVANCED_BYTES;
  if (Buffer.byteLength(value) > limit) {
    throw new AwsError(
      "ValidationException",
      tier === "Standard"
        ? `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`
        : `Advanced tier parameters support a maximum parameter value of ${ADVANCED_BYTES} characters.`,
    );
  }
  if (type === "StringList" && value.split(",").some((item) => item === ""))
    throw new AwsError("ValidationException", "A StringList may not have empty items.");
  if (pattern === undefined) return;
  let matches: boolean;
  try {
    matches = new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    throw new AwsError("InvalidAllowedPatternException", `The regular expression ${pattern} is not valid.`);
  }
  if (!matches)
    throw new AwsError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
}
