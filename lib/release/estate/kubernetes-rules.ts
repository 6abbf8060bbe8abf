/**
 * The estate's rules for releases to the clusters of an environment: the namespaces beside the default one,
 * and the applications that may use each.
 */
import { described, listOf, mapOf, object, optional, text } from "#release/document/shape.ts";

export type KubernetesRules = {
  /** Patterns of applications by namespace. */
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
  /** Patterns of applications whose builds may have the access `admin`. */
  readonly admin: readonly string[];
};

const apps = listOf(text("an app or a pattern, without blanks around it", /^\S(.*\S)?$/), 1);

export const kubernetesShape = object({
  namespaces: optional(
    described(
      "Applications, or patterns of them, by the namespace that they may use. Every application may use the namespace that has the environment's name.",
      mapOf(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace of letters, digits and hyphens", apps),
    ),
  ),
  admin: optional(
    described(
      "Applications, or patterns of them, whose builds may have the access admin. Default: none.",
      apps,
    ),
  ),
});
