/** Checks that each role is passed only to the service that runs as it. */
import type { Invariant } from "./invariant.ts";

export const passedAsMeant: Invariant = {
  name: "passed-as-meant",
  sentence: "Each role is passed only to the service that runs as it.",
  objection: ({ actor, action, resource, variant }, { needs }) => {
    if (action !== "iam:PassRole" || actor.kind !== "role" || resource.kind.startsWith("an application's"))
      return undefined;
    // No template has the role of a line's smoke tests, so no trust of it is known here.
    if (resource.kind === "a smoke test's role")
      return variant.label === "to codebuild.amazonaws.com" ? undefined : "smoke tests run in CodeBuild";
    const service = variant.label.replace("to ", "");
    const meant = needs.some(
      ({ who, action: does, at }) =>
        does === "sts:AssumeRole" && at.includes(resource.kind) && who.split(" ")[0] === service,
    );
    return meant ? undefined : `${service} does not run as ${resource.kind}`;
  },
};
