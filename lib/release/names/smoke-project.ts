/**
 * The machine and the times of the CodeBuild projects for smoke tests. The anchor has a shared project, for release
 * templates before 1.1.0, and each line has its project.
 */
export const smokeMachine = {
  type: "ARM_CONTAINER",
  computeType: "BUILD_GENERAL1_SMALL",
  image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
} as const;

export const smokeMinutes = { build: 30, queued: 60 } as const;
