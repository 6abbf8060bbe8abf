/** The settings of a Terraform configuration in the traits, and their defaults. */

import {
  described,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  type Shape,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import type { TerraformRules } from "#release/estate/terraform-rules.ts";
import { settingsReader } from "#release/template/read-settings.ts";

/** Names of terraform's variables. */
const name = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export const settingsShape = object({
  directory: optional(
    described(
      "The root module's folder in the artifact; where main.tf was found by default.",
      text("a folder below the artifact's top, without ..", /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\n]+$/),
    ),
  ),
  version: optional(
    described(
      "Of terraform, in HashiCorp's public image; the estate has to list that image.",
      text("a version such as 1.11.4", /^\d+\.\d+\.\d+$/),
    ),
  ),
  image: optional(
    described(
      "The build image, one of those that the estate lists; the first of them by default.",
      text("an image", /^\S+$/),
    ),
  ),
  compute: optional(oneOf("BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE")),
  stateBucket: optional(
    described(
      "The bucket of the state; the one /kedge/terraform/state-bucket names in the target's parameter store by default.",
      text("a bucket's name, or ${ssm:/path} of one", /^(\$\{ssm:[^}]+\}|[a-z0-9.-]{3,63})$/),
    ),
  ),
  lockTable: optional(
    described("A DynamoDB table that locks the state; a lock file beside the state by default.", text()),
  ),
  secrets: optional(
    described(
      "Variables whose values terraform gets from the target: ${ssm:/path} or ${secret:name:key}.",
      mapOf(name, "the name of a variable", text()),
    ),
  ),
  actions: optional(
    described(
      "What terraform may do after the approval; it can only narrow the estate's list.",
      listOf(text("an IAM action such as sqs:*", /^(\*|[a-z0-9-]+:[A-Za-z0-9*]+)$/), 1),
    ),
  ),
}) satisfies Shape<object>;

export type Settings = ShapeOf<typeof settingsShape>;

export const readSettings = settingsReader("terraform", settingsShape);

const publicImage = "public.ecr.aws/hashicorp/terraform";

export const imageOf = (
  { image, version }: Pick<Settings, "image" | "version">,
  { images }: Pick<TerraformRules, "images">,
): string => image ?? (version === undefined ? (images[0] ?? "") : `${publicImage}:${version}`);
