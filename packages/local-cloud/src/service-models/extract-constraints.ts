/**
 * Writes `constraints.gz` from AWS's published service models in botocore (Apache License 2.0): the constraints of the
 * structures that inputs use. The models of botocore 1.43.11 are in the file now. Run
 * `npx node packages/local-cloud/src/service-models/extract-constraints.ts <site-packages>/botocore/data` after an update of the
 * SDK clients.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Constraint, type Constraints, constraintFile } from "./constraint-table.ts";

/**
 * The folders of botocore, by the namespace of the SDK's schemas. SQS is absent: its model has no constraint but the
 * names of attributes, and the service reports those in words of its own.
 */
const services: Readonly<Record<string, string>> = {
  "com.amazonaws.cloudwatch": "cloudwatch",
  "com.amazonaws.cloudwatchlogs": "logs",
  "com.amazonaws.eventbridge": "events",
  "com.amazonaws.kms": "kms",
  "com.amazonaws.lambda": "lambda",
  "com.amazonaws.organizations": "organizations",
  "com.amazonaws.secretsmanager": "secretsmanager",
  "com.amazonaws.servicecatalog": "servicecatalog",
  "com.amazonaws.sts": "sts",
  "com.amazonaws.cloudformation": "cloudformation",
  "com.amazonaws.codebuild": "codebuild",
  "com.amazonaws.codepipeline": "codepipeline",
  "com.amazonaws.iam": "iam",
  "com.amazonaws.sns": "sns",
  "com.amazonaws.ssm": "ssm",
};

type ShapeRef = { readonly shape: string };

type Shape = {
  readonly type: string;
  readonly members?: Readonly<Record<string, ShapeRef>>;
  readonly member?: ShapeRef;
  readonly key?: ShapeRef;
  readonly value?: ShapeRef;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
};

type Model = {
  readonly operations: Readonly<Record<string, { readonly input?: ShapeRef }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
};

/** A shape that refers to itself ends with its second appearance. */
function constraintOf(model: Model, name: string, above: readonly string[] = []): Constraint | undefined {
  const shape = model.shapes[name];
  if (shape === undefined || above.includes(name) || shape.type === "structure") return undefined;
  const inner = (ref: ShapeRef | undefined) => ref && constraintOf(model, ref.shape, [...above, name]);
  const [member, key, value] = [inner(shape.member), inner(shape.key), inner(shape.value)];
  const constraint: Constraint = {
    ...(shape.min && { min: shape.min }),
    ...(shape.max !== undefined && { max: shape.max }),
    ...(shape.pattern !== undefined && { pattern: shape.pattern }),
    ...(shape.enum !== undefined && { enum: shape.enum }),
    ...(shape.sensitive && { sensitive: true }),
    ...(member && { member }),
    ...(key && { key }),
    ...(value && { value }),
  };
  const meaning = Object.keys(constraint).filter((each) => each !== "sensitive");
  return meaning.length === 0 ? undefined : constraint;
}

function structuresOf(model: Model): Constraints {
  const found: Record<string, Record<string, Constraint>> = {};
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const shape = model.shapes[name];
    if (shape === undefined || seen.has(name)) return;
    seen.add(name);
    for (const ref of [shape.member, shape.key, shape.value]) if (ref) visit(ref.shape);
    for (const [member, ref] of Object.entries(shape.members ?? {})) {
      const constraint = constraintOf(model, ref.shape);
      if (constraint !== undefined) found[name] = { ...found[name], [member]: constraint };
      visit(ref.shape);
    }
  };
  for (const { input } of Object.values(model.operations)) if (input) visit(input.shape);
  return found;
}

function extract(data: string): string {
  const lines = Object.entries(services).map(([namespace, folder]) => {
    const file = globSync(`${data}/${folder}/*/service-2.json.gz`).sort().at(-1) ?? "";
    const model = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Model;
    return `${namespace}\t${JSON.stringify(structuresOf(model))}`;
  });
  return lines.join("\n");
}

if (import.meta.main) writeFileSync(constraintFile, gzipSync(extract(process.argv[2] ?? ""), { level: 9 }));
