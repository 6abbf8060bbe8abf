/**
 * Lists parameters that AWS publishes to all accounts. AWS publishes thousands; these are the names of regions and the
 * images of Amazon Linux. No account can change them (Systems Manager User Guide, "Working with public parameters in Parameter
 * Store").
 */
import { createHash } from "node:crypto";
import type { Parameter } from "./state.ts";

const PREFIX = "/aws/service/";
const modified = new Date("2026-01-15T00:00:00Z");

export const isPublic = (name: string): boolean => name.startsWith(PREFIX);

export const publicParameters = (region: string): readonly Parameter[] => [
  published(`global-infrastructure/regions/${region}/partition`, "text", ["aws"]),
  ...Object.entries(longNames).map(([name, longName]) =>
    published(`global-infrastructure/regions/${name}/longName`, "text", [longName]),
  ),
  ...images.map((path) =>
    published(path, "aws:ec2:image", [imageId(`1 ${path} ${region}`), imageId(`2 ${path} ${region}`)]),
  ),
];

/** AWS General Reference, "AWS service endpoints". */
const longNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-central-1": "Europe (Frankfurt)",
  "eu-west-1": "Europe (Ireland)",
  "eu-west-2": "Europe (London)",
  "eu-west-3": "Europe (Paris)",
  "eu-north-1": "Europe (Stockholm)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "sa-east-1": "South America (São Paulo)",
};

/** Amazon EC2 User Guide, "Find an AMI"; Amazon ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata". */
const images: readonly string[] = [
  "ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  "ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
  "ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64",
  "ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-arm64",
  "ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2",
  "ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-gp2",
  "ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  "ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
  "ecs/optimized-ami/amazon-linux-2/recommended/image_id",
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
