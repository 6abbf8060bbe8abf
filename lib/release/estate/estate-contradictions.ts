/** Finds contradictions between the environments of one anchor. Each field alone is well-formed. */

import type { Problem, SourceLocation } from "#release/document/node-tree.ts";
import { environmentTexts } from "#release/names/stack-names.ts";
import type { Environment } from "./estate.ts";
import type { RungFile } from "./estate-environment-shape.ts";
import type { AnchorFile, Placed } from "./estate-environments.ts";

type At = (...steps: readonly (string | number)[]) => SourceLocation;

const reservedNames = ["source", "package"];
const longestName = 30;

export function* environmentProblems(
  anchor: AnchorFile,
  anchorName: string,
  placed: readonly Placed[],
  owners: Map<string, string>,
  at: At,
): Generator<Problem> {
  if (placed.length === 0) {
    yield {
      ...at(),
      message: `The anchor ${anchorName} has no environment: give it environments, or a ladder and tenants.`,
    };
  }
  yield* ladderProblems(anchor, at);
  for (const [index, { environment, at: steps }] of placed.entries()) {
    const here = (field: string): SourceLocation => at(...steps, field);
    const before = placed.slice(0, index).map((each) => each.environment);
    yield* claim(owners, environment.account, ownerOf(environment, anchorName), here("account"));
    yield* nameProblems(environment, before, anchorName, here);
    yield* orderProblems(environment, before, anchorName, here);
  }
  for (const [index, said] of (anchor.environments ?? []).entries()) {
    yield* approvalProblems(said, (field) => at("environments", index, field));
    yield* regionProblems(said, (field) => at("environments", index, field));
  }
  for (const [index, said] of (anchor.ladder ?? []).entries()) {
    yield* approvalProblems(said, (field) => at("ladder", index, field));
    yield* regionProblems(said, (field) => at("ladder", index, field));
  }
}

/** An account is the boundary of security, so it plays one part only; a client may have all its environments in one. */
export function* claim(
  owners: Map<string, string>,
  account: string,
  as: string,
  location: SourceLocation,
): Generator<Problem> {
  const owner = owners.get(account) ?? as;
  if (owner === as) owners.set(account, as);
  else yield { ...location, message: `The account ${account} is ${owner} already, so it cannot be ${as}.` };
}

/** In each of its regions it is one and the same environment. */
const ownerOf = ({ names, tenant }: Environment, anchor: string): string =>
  tenant === undefined ? `${names[0]} of ${anchor}` : `the tenant ${tenant} of ${anchor}`;

/** A ladder without tenants, or tenants without a ladder, would silently be nothing. */
function* ladderProblems({ ladder = [], tenants = {} }: AnchorFile, at: At): Generator<Problem> {
  const names = Object.keys(tenants);
  if (ladder.length > 0 && names.length === 0)
    yield {
      ...at("ladder"),
      message:
        "A ladder needs tenants, and this anchor has none; add tenants, or write environments instead of the ladder.",
    };
  if (ladder.length === 0 && names.length > 0)
    yield { ...at("tenants"), message: "Tenants need a ladder, and this anchor has none; add a ladder." };
  const rungs = ladder.map(({ name }) => name);
  for (const [tenant, { exclude = [], environments = {} }] of Object.entries(tenants)) {
    for (const rung of [...exclude, ...Object.keys(environments)].filter((each) => !rungs.includes(each))) {
      const message = `The ladder has no ${rung}; it has ${rungs.join(", ") || "nothing"}.`;
      yield { ...at("tenants", tenant, exclude.includes(rung) ? "exclude" : "environments"), message };
    }
  }
}

function* nameProblems(
  { name, names, account, region }: Environment,
  before: readonly Environment[],
  anchor: string,
  here: (field: string) => SourceLocation,
): Generator<Problem> {
  if (names.some((each) => reservedNames.includes(each))) {
    yield { ...here("name"), message: `${name} is the name of a stage every pipeline has; choose another.` };
  }
  if (name.length > longestName) {
    yield { ...here("name"), message: `${name} has ${name.length} characters; ${longestName} are allowed.` };
  }
  if (before.some((other) => other.name === name))
    yield { ...here("name"), message: `Two environments of ${anchor} are named ${name}.` };
  const alike = before.find(
    (other) =>
      other.name !== name &&
      other.account === account &&
      other.region === region &&
      environmentTexts(other.name).some((text) => environmentTexts(name).includes(text)),
  );
  if (alike !== undefined) {
    const message = `${name} and ${alike.name} are cut to the same text in the names of stacks; choose another.`;
    yield { ...here("name"), message };
  }
  const general = before.find(
    (other) =>
      other.name !== name &&
      name !== `${other.name}-${region}` &&
      (other.names.includes(name) || (names.includes(other.name) && other.tenant === undefined)),
  );
  if (general !== undefined) {
    yield {
      ...here("name"),
      message: `${name} and ${general.name} could both be meant by one name; choose another.`,
    };
  }
}

/** Being released to together has to be meant: two that only happen to have one order are a slip of the pen. */
function* orderProblems(
  environment: Environment,
  before: readonly Environment[],
  anchor: string,
  here: (field: string) => SourceLocation,
): Generator<Problem> {
  const other = before.find(({ order }) => order === environment.order);
  if (other !== undefined && other.wave !== environment.wave) {
    const message = `Two environments of ${anchor} have the order ${environment.order}, ${other.name} and ${environment.name}; give both the same wave if they shall be released to together.`;
    yield { ...here("order"), message };
  }
  const apart = before.find(({ wave, order }) => wave === environment.wave && order !== environment.order);
  if (apart !== undefined) {
    const message = `${apart.name} and ${environment.name} are both of the wave ${environment.wave}, but have the orders ${apart.order} and ${environment.order}.`;
    yield { ...here("wave"), message };
  }
}

function* regionProblems(
  said: Pick<RungFile, "name" | "regions" | "regionParameters"> & { readonly region?: string },
  here: (field: string) => SourceLocation,
): Generator<Problem> {
  const { name, regions, regionParameters = {} } = said;
  if (regions !== undefined && said.region !== undefined) {
    yield { ...here("region"), message: `${name} has a region and a list of regions; keep the list.` };
  }
  if (regions?.length === 0) yield { ...here("regions"), message: `${name} is in no region; name one.` };
  const twice = regions?.find((region, index) => regions.indexOf(region) !== index);
  if (twice !== undefined) yield { ...here("regions"), message: `${name} is in ${twice} twice.` };
  const stray = Object.keys(regionParameters).find((region) => !regions?.includes(region));
  if (stray !== undefined) {
    const message = `${name} has parameters for ${stray}, which is not one of its regions (${regions?.join(", ") ?? "it has no list of regions"}).`;
    yield { ...here("regionParameters"), message };
  }
}

function* approvalProblems(
  said: { readonly name: string; readonly approval?: boolean; readonly approvalTimeoutMinutes?: number },
  here: (field: string) => SourceLocation,
): Generator<Problem> {
  if (said.approvalTimeoutMinutes === undefined || said.approval === true) return;
  const message = `${said.name} asks for no approval, so approvalTimeoutMinutes has no meaning; set approval: true.`;
  yield { ...here("approvalTimeoutMinutes"), message };
}
