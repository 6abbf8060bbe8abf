/** The settings of a chart or of manifests in the traits, and their defaults. */

import {
  described,
  flag,
  integer,
  object,
  oneOf,
  optional,
  type Shape,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { settingsReader } from "#release/template/read-settings.ts";

export const settingsShape = object({
  cluster: optional(
    described(
      "The cluster of the target account; the one /kedge/eks/cluster names in its parameter store by default.",
      text("a cluster's name, or ${ssm:/path} of one", /^(\$\{ssm:[^}]+\}|[0-9A-Za-z][A-Za-z0-9_-]{0,99})$/),
    ),
  ),
  namespace: optional(
    described(
      "Which is there already; named after the environment by default. The estate lists others, and who may use them.",
      text("a namespace of letters, digits and hyphens", /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
    ),
  ),
  with: optional(
    described(
      "CodePipeline's EKS action, or a build that runs helm or kubectl; a kustomization always takes a build.",
      oneOf("action", "build"),
    ),
  ),
  timeout: optional(described("Minutes a rollout may take; 10 by default.", integer(1, 40))),
  access: optional(
    described(
      "What builds may do in the namespace: edit by default; admin, where the estate allows it, for charts that bring roles of their own.",
      oneOf("edit", "admin"),
    ),
  ),
  digests: optional(
    described(
      "Images in manifests have to be named by digest. In protected environments they always have to.",
      flag(),
    ),
  ),
  image: optional(
    described("The build image; it needs a shell, aws, helm and kubectl.", text("an image", /^\S+$/)),
  ),
}) satisfies Shape<object>;

export type Settings = ShapeOf<typeof settingsShape>;

export const readSettings = settingsReader("kubernetes", settingsShape);
