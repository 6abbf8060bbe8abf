/** The memory of a build's compute type (CodeBuild User Guide, "Build environment compute modes and types"). */

const gigabytes: Readonly<Record<string, number>> = {
  BUILD_GENERAL1_SMALL: 4,
  BUILD_GENERAL1_MEDIUM: 8,
  BUILD_GENERAL1_LARGE: 16,
  BUILD_GENERAL1_XLARGE: 72,
  BUILD_GENERAL1_2XLARGE: 144,
};

export const memoryOf = (computeType: string | undefined): number =>
  (gigabytes[computeType ?? ""] ?? 4) * 1024;
