/** Reads an estate file: its fields by their shape, then what no schema can say. Every problem comes with its line. */
import { ReleaseError } from "./errors.ts";
import {
  type Anchor,
  defaultClasses,
  defaultLimits,
  defaultPace,
  defaultRetention,
  type Environment,
  type Estate,
} from "./estate.ts";
import { paceContradictions } from "./estate-pace.ts";
import { type EstateFile, estateShape } from "./estate-shape.ts";
import { describeProblems, type Problem, placeOf, type TreeNode, yamlTree } from "./node-tree.ts";
import { readShape } from "./shape.ts";

const week = 7 * 24 * 60;
const reservedNames = ["source", "package"];

/** Throws `EstateMalformed`; its message has one line for each problem. */
export function parseEstate(text: string): Estate {
  const { root, problems } = yamlTree(text);
  if (problems.length > 0) throw malformed(problems);
  const read = readShape(estateShape, root);
  if ("problems" in read) throw malformed(read.problems);
  const found = [...contradictions(read.value, root)];
  if (found.length > 0) throw malformed(found);
  return estateOf(read.value);
}

const malformed = (problems: readonly Problem[]): ReleaseError =>
  new ReleaseError("EstateMalformed", `The estate file has problems.\n${describeProblems(problems)}`);

type AnchorFile = EstateFile["anchors"][string];
type EnvironmentFile = AnchorFile["environments"][number];

function estateOf(file: EstateFile): Estate {
  const anchors = Object.entries(file.anchors).map(([name, anchor]) => anchorOf(file, name, anchor));
  return {
    region: file.region,
    central: file.central,
    ...(file.organization === undefined ? {} : { organization: file.organization }),
    limits: { ...defaultLimits, ...file.limits },
    classes: { ...defaultClasses, ...file.classes },
    teams: Object.entries(file.teams ?? {}).map(([name, team]) => ({ name, ...team })),
    pace: { ...defaultPace, ...file.pace },
    ttlDays: { ...file.ttlDays },
    retention: { ...defaultRetention, ...file.retention },
    anchors,
  };
}

function anchorOf(file: EstateFile, name: string, anchor: AnchorFile): Anchor {
  const region = anchor.region ?? file.region;
  return {
    name,
    account: anchor.account,
    region,
    allowTombstone: [...(file.allowTombstone ?? []), ...(anchor.allowTombstone ?? [])],
    supersedePendingApproval: anchor.supersedePendingApproval ?? file.supersedePendingApproval ?? true,
    environments: anchor.environments
      .map((each) => environmentOf(each, region))
      .sort((a, b) => a.order - b.order),
  };
}

const environmentOf = (file: EnvironmentFile, region: string): Environment => ({
  name: file.name,
  account: file.account,
  region: file.region ?? region,
  order: file.order,
  approval: file.approval ?? false,
  approvalTimeoutMinutes: file.approvalTimeoutMinutes ?? week,
  protected: file.protected ?? false,
  branches: file.branches,
});

/** What is wrong although every field is well-formed. */
function* contradictions(file: EstateFile, root: TreeNode): Generator<Problem> {
  yield* paceContradictions(file, root);
  const owners = new Map([[file.central, "the central account"]]);
  for (const [name, anchor] of Object.entries(file.anchors)) {
    const at = (...steps: readonly (string | number)[]) => placeOf(root, ["anchors", name, ...steps]);
    yield* claim(owners, anchor.account, `the anchor ${name}`, at("account"));
    const region = anchor.region ?? file.region;
    if (region !== file.region) {
      const message = `The anchor is in ${region}, the central account in ${file.region}; one region is supported in this version.`;
      yield { ...at("region"), message };
    }
    const seen = { name: new Map<string | number, string>(), order: new Map<string | number, string>() };
    for (const [index, environment] of anchor.environments.entries()) {
      const here = (field: keyof EnvironmentFile) => at("environments", index, field);
      yield* claim(owners, environment.account, `${environment.name} of ${name}`, here("account"));
      yield* unique(
        seen.name,
        environment.name,
        environment.name,
        `Two environments of ${name} are named`,
        here("name"),
      );
      yield* unique(
        seen.order,
        environment.order,
        environment.name,
        `Two environments of ${name} have the order`,
        here("order"),
      );
      yield* environmentProblems(environment, region, here);
    }
  }
}

function* environmentProblems(
  environment: EnvironmentFile,
  region: string,
  here: (field: keyof EnvironmentFile) => Omit<Problem, "message">,
): Generator<Problem> {
  if (reservedNames.includes(environment.name)) {
    yield {
      ...here("name"),
      message: `${environment.name} is the name of a stage every pipeline has; choose another.`,
    };
  }
  if (environment.region !== undefined && environment.region !== region) {
    const message = `${environment.name} is in ${environment.region}, its anchor in ${region}; another region than the anchor's is not supported in this version.`;
    yield { ...here("region"), message };
  }
  if (environment.approvalTimeoutMinutes !== undefined && environment.approval !== true) {
    const message = `${environment.name} asks for no approval, so approvalTimeoutMinutes has no meaning; set approval: true.`;
    yield { ...here("approvalTimeoutMinutes"), message };
  }
}

/** An account is the boundary of security, so it plays one part only. */
function* claim(
  owners: Map<string, string>,
  account: string,
  as: string,
  place: Omit<Problem, "message">,
): Generator<Problem> {
  const owner = owners.get(account);
  if (owner === undefined) owners.set(account, as);
  else yield { ...place, message: `The account ${account} is ${owner} already, so it cannot be ${as}.` };
}

function* unique(
  seen: Map<string | number, string>,
  value: string | number,
  owner: string,
  says: string,
  place: Omit<Problem, "message">,
): Generator<Problem> {
  if (seen.has(value)) yield { ...place, message: `${says} ${value}.` };
  seen.set(value, owner);
}
