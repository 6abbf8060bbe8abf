/** A role is handed to the service that is meant to run as it, and to no other. */
import type { Invariant } from "./invariant.ts";

export const passedAsMeant: Invariant = {
  name: "passed-as-meant",
  sentence: "Each role is passed only to the service that runs as it.",
  objection: ({ actor, action, place, variant }, { needs }) => {
    if (action !== "iam:PassRole" || actor.kind !== "role" || place.kind.startsWith("an application's"))
      return undefined;
    const service = variant.label.replace("to ", "");
    const meant = needs.some(
      ({ who, action: does, at }) =>
        does === "sts:AssumeRole" && at.includes(place.kind) && who.split(" ")[0] === service,
    );
    return meant ? undefined : `${service} has nothing to run as ${place.kind}`;
  },
};
