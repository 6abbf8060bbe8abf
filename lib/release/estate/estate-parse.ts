/**
 * Reads an estate file: first its fields by their shape, then the rules that no schema can express. Every
 * problem has its line.
 */

import {
  describeProblems,
  locationOf,
  type Problem,
  type TreeNode,
  yamlTree,
} from "#release/document/node-tree.ts";
import { readShape } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { type Anchor, defaultClasses, defaultPace, defaultRetention, type Estate } from "./estate.ts";
import { claim, environmentProblems } from "./estate-contradictions.ts";
import { type AnchorFile, placedEnvironments } from "./estate-environments.ts";
import { paceContradictions } from "./estate-pace.ts";
import { type EstateFile, estateShape } from "./estate-shape.ts";
import { defaultTerraform } from "./terraform-rules.ts";

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
    templates: Object.fromEntries(
      Object.entries(file.templates ?? {}).map(([name, { pins = [], exclude = [] }]) => [
        name,
        { pins, exclude },
      ]),
    ),
    defaults: { templates: {}, ...file.defaults },
    ...(file.terraform && { terraform: { ...defaultTerraform, ...file.terraform } }),
    anchors,
  };
}

function anchorOf(file: EstateFile, name: string, anchor: AnchorFile): Anchor {
  const region = anchor.region ?? file.region;
  const separateDuties = anchor.separateDuties ?? file.separateDuties ?? false;
  const separateAuthors = anchor.separateAuthors ?? file.separateAuthors ?? false;
  const sessionNames = anchor.sessionNames ?? file.sessionNames;
  return {
    name,
    account: anchor.account,
    region,
    tags: anchor.tags ?? {},
    allowTombstone: [...(file.allowTombstone ?? []), ...(anchor.allowTombstone ?? [])],
    supersedePendingApproval: anchor.supersedePendingApproval ?? file.supersedePendingApproval ?? true,
    ...(anchor.uploaders && { uploaders: anchor.uploaders }),
    ...(anchor.approvers && { approvers: anchor.approvers }),
    ...(separateDuties && { separateDuties }),
    ...(separateAuthors && { separateAuthors }),
    ...(sessionNames && { sessionNames }),
    environments: placedEnvironments(file, anchor)
      .map(({ environment }) => environment)
      .sort((a, b) => a.order - b.order),
  };
}

/** Finds contradictions between well-formed fields. */
function* contradictions(file: EstateFile, root: TreeNode): Generator<Problem> {
  yield* paceContradictions(file, root);
  const owners = new Map([[file.central, "the central account"]]);
  for (const [name, anchor] of Object.entries(file.anchors)) {
    const at = (...steps: readonly (string | number)[]) => locationOf(root, ["anchors", name, ...steps]);
    yield* claim(owners, anchor.account, `the anchor ${name}`, at("account"));
    const region = anchor.region ?? file.region;
    if (region !== file.region) {
      const message = `The anchor is in ${region}, the central account in ${file.region}; one region is supported in this version.`;
      yield { ...at("region"), message };
    }
    yield* environmentProblems(anchor, name, placedEnvironments(file, anchor), owners, at);
  }
}
