/**
 * Lists parameters that AWS publishes to all accounts. AWS publishes thousands; these are one text and the images of
 * Amazon Linux. No account can change them (Systems Manager User Guide, "Working with public parameters in Parameter
 * Store").
 */
import { createHash } from "node:crypto";
import type { Parameter } from "./state.ts";

const PREFIX = "/aws/service/";
const modified = new Date("2026-01-15T00:00:00Z");

export const isPublic = (name: string): boolean => name.startsWith(PREFIX);

export const publicParameters = (region: string): readonly Parameter[] => [
  published(`global-infrastructure/regions/${region}/partition`, "text", ["aws"]),
  ...["x86_64", "arm64"].map((processor) =>
    published(`ami-amazon-linux-latest/al2023-ami-kernel-default-${processor}`, "aws:ec2:image", [
      imageId(`1 ${processor} ${region}`),
      imageId(`2 ${processor} ${region}`),
    ]),
  ),
];

/** Regions have different images. */
const imageId = (of: string): string => `ami-0${createHash("sha256").update(of).digest("hex").slice(0, 16)}`;

const published = (path: string, dataType: string, values: readonly string[]): Parameter => ({
  name: `${PREFIX}${path}`,
  versions: values.map((value, at) => ({
    version: at + 1,
    type: "String",
    value,
    keyId: undefined,
    description: undefined,
    allowedPattern: undefined,
    tier: "Standard",
    policies: undefined,
    dataType,
    modified,
    modifiedBy: "AWS",
    labels: [],
  })),
  tags: {},
});
