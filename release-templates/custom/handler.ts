/**
 * Finds the handler of an artifact in an environment: a CodeBuild project or function of the estate, chosen
 * by the traits.
 */

import type { PlainObject } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Target } from "#release/traits/targets.ts";

export type Handler = { readonly kind: "project" | "function"; readonly name: string };

const none = { projects: [], functions: [] };

/** Throws `HandlerNotAllowed` with the allowed handlers. */
export function handlerFor(settings: PlainObject, target: Target): Handler {
  const { project, function: called } = settings;
  const { environment } = target;
  if ((project === undefined) === (called === undefined)) {
    const seen = project === undefined ? "neither a project nor a function" : "both a project and a function";
    throw rejected(`The settings for ${environment} name ${seen}; expected one.`, target);
  }
  const handler: Handler =
    project === undefined
      ? { kind: "function", name: String(called) }
      : { kind: "project", name: String(project) };
  const { projects, functions } = target.handlers ?? none;
  const allowed = handler.kind === "project" ? projects : functions;
  if (allowed.includes(handler.name)) return handler;
  throw rejected(
    `The settings for ${environment} name the ${handler.kind} ${handler.name}, which is not allowed there.`,
    target,
  );
}

function rejected(seen: string, { environment, handlers = none }: Target): ReleaseError {
  const { projects, functions } = handlers;
  const allowed = [
    ...projects.map((name) => `the project ${name}`),
    ...functions.map((name) => `the function ${name}`),
  ];
  const known = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return new ReleaseError("HandlerNotAllowed", `${seen} In ${environment} the estate allows ${known}.`);
}
