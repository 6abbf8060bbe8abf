/** What is wrong with traits although every field is well-formed: what no schema can say, and what cannot both hold. */
import semver from "semver";
import type { Place, Problem } from "#release/document/node-tree.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import { publishPathProblem } from "./publish-path.ts";
import { templateRequestOf } from "./template-request.ts";
import type { EnvironmentFile, StrategyFile, TraitsFile } from "./traits-shape.ts";

/** Where a field stands, by the steps to it. */
export type PlaceAt = (...steps: readonly (string | number)[]) => Place;

export function* malformations(file: TraitsFile, at: PlaceAt): Generator<Problem> {
  const { range } = templateRequestOf(file.template) ?? {};
  if (range !== undefined && semver.validRange(range) === null) {
    const message = `${JSON.stringify(range)} is no range of versions; expected one as npm writes them, such as ^1.2.`;
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
  at: PlaceAt,
): Generator<Problem> {
  const check = function* (name: string, place: Place): Generator<Problem> {
    if (name.includes("*") || known.includes(name)) return;
    yield { ...place, message: `${name} is no environment of the estate; there are ${known.join(", ")}.` };
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
  at: PlaceAt,
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
  at: PlaceAt,
): Generator<Problem> {
  const { environments, exclude } = eligibility;
  if (environments === undefined || exclude === undefined) return;
  const both = environments.filter((name) => exclude.includes(name));
  for (const name of both) {
    const place = at("eligibility", "exclude", exclude.indexOf(name));
    yield { ...place, message: `${name} is both among environments and excluded.` };
  }
  const left = known?.filter((name) => fitsPatterns(name, environments) && !fitsPatterns(name, exclude));
  if (both.length === 0 && left?.length === 0) {
    yield { ...at("eligibility", "exclude"), message: "This leaves nothing of the environments." };
  }
}

function* ofEnvironment({ strategy }: EnvironmentFile, at: PlaceAt): Generator<Problem> {
  if (strategy !== undefined && typeof strategy !== "string") yield* ofStrategy(strategy, at);
}

const stepwise = ["canary", "linear"];

function* ofStrategy(
  { type, steps, minutes }: Exclude<StrategyFile, string>,
  at: PlaceAt,
): Generator<Problem> {
  if (steps !== undefined && !stepwise.includes(type)) {
    yield { ...at("strategy", "steps"), message: `${type} has no steps; ${stepwise.join(" and ")} have.` };
  }
  if (minutes !== undefined && type === "all-at-once") {
    yield { ...at("strategy", "minutes"), message: `${type} waits for nothing.` };
  }
  const falling = steps?.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0)) ?? -1;
  if (falling > 0) {
    const message = `${steps?.[falling]} is not more than the step before it.`;
    yield { ...at("strategy", "steps", falling), message };
  }
}
