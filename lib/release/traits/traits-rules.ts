/** Finds defects of well-formed traits: rules that no schema can express, and contradictions. */
import semver from "semver";
import type { Problem, SourceLocation } from "#release/document/node-tree.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import { publishPathProblem } from "./publish-path.ts";
import { templateRequestOf } from "./template-request.ts";
import type { EnvironmentFile, StrategyFile, TraitsFile } from "./traits-shape.ts";

/** Returns the location of a field, given the path to it. */
export type LocationAt = (...steps: readonly (string | number)[]) => SourceLocation;

export function* malformations(file: TraitsFile, at: LocationAt): Generator<Problem> {
  const { range } = templateRequestOf(file.template) ?? {};
  if (range !== undefined && semver.validRange(range) === null) {
    const message = `${JSON.stringify(range)} is not a range of versions; expected a range as in npm, such as ^1.2.`;
    yield { ...at("template"), message };
  }
  for (const path of Object.keys(file.publish ?? {})) {
    const message = publishPathProblem(path);
    if (message !== undefined) yield { ...at("publish", path), message };
  }
}

/** Names that are no patterns have to be names the anchor has. */
export function* unknownEnvironments(
  file: TraitsFile,
  known: readonly string[],
  at: LocationAt,
): Generator<Problem> {
  const check = function* (name: string, location: SourceLocation): Generator<Problem> {
    if (name.includes("*") || known.includes(name)) return;
    yield {
      ...location,
      message: `${name} is not an environment of the estate; expected one of ${known.join(", ")}.`,
    };
  };
  for (const field of ["environments", "exclude"] as const) {
    const names = file.eligibility?.[field] ?? [];
    for (const [index, name] of names.entries()) yield* check(name, at("eligibility", field, index));
  }
  for (const name of Object.keys(file.environments ?? {})) yield* check(name, at("environments", name));
}

export function* contradictions(
  file: TraitsFile,
  known: readonly string[] | undefined,
  at: LocationAt,
): Generator<Problem> {
  yield* ofEligibility(file, known, at);
  yield* ofEnvironment(file, at);
  for (const [name, each] of Object.entries(file.environments ?? {})) {
    yield* ofEnvironment(each, (...steps) => at("environments", name, ...steps));
  }
}

function* ofEligibility(
  { eligibility = {} }: TraitsFile,
  known: readonly string[] | undefined,
  at: LocationAt,
): Generator<Problem> {
  const { environments, exclude } = eligibility;
  if (environments === undefined || exclude === undefined) return;
  const both = environments.filter((name) => exclude.includes(name));
  for (const name of both) {
    const location = at("eligibility", "exclude", exclude.indexOf(name));
    yield { ...location, message: `${name} is both among environments and excluded.` };
  }
  const left = known?.filter((name) => fitsPatterns(name, environments) && !fitsPatterns(name, exclude));
  if (both.length === 0 && left?.length === 0) {
    yield {
      ...at("eligibility", "exclude"),
      message: "This excludes every environment that the traits select.",
    };
  }
}

function* ofEnvironment({ strategy }: EnvironmentFile, at: LocationAt): Generator<Problem> {
  if (strategy !== undefined && typeof strategy !== "string") yield* ofStrategy(strategy, at);
}

const stepwise = ["canary", "linear"];

function* ofStrategy(
  { type, steps, minutes }: Exclude<StrategyFile, string>,
  at: LocationAt,
): Generator<Problem> {
  if (steps !== undefined && !stepwise.includes(type)) {
    yield {
      ...at("strategy", "steps"),
      message: `${type} has no steps; only ${stepwise.join(" and ")} have steps.`,
    };
  }
  if (minutes !== undefined && type === "all-at-once") {
    yield { ...at("strategy", "minutes"), message: `${type} does not wait, so it has no minutes.` };
  }
  const falling = steps?.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0)) ?? -1;
  if (falling > 0) {
    const message = `${steps?.[falling]} is not larger than the step before it.`;
    yield { ...at("strategy", "steps", falling), message };
  }
}
