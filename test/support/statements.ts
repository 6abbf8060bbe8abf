/** Collects every IAM statement of a template, with its resource and the kind of its policy. */
import type { Resource } from "./stacks.ts";

export type Found = {
  readonly where: string;
  readonly kind: "identity" | "trust" | "resource";
  readonly effect: string;
  readonly principal: unknown;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

type Document = { readonly Statement: readonly Readonly<Record<string, unknown>>[] };

const list = (value: unknown): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as string];

export function statementsIn(resources: Readonly<Record<string, Resource>>): readonly Found[] {
  return Object.entries(resources).flatMap(([where, { Type, Properties }]) =>
    documentsOf(Type, Properties).flatMap(([kind, document]) =>
      document.Statement.map((statement) => ({
        where,
        kind,
        effect: String(statement["Effect"]),
        principal: statement["Principal"],
        actions: list(statement["Action"]),
        resources: list(statement["Resource"]),
        condition: (statement["Condition"] ?? {}) as Found["condition"],
      })),
    ),
  );
}

function documentsOf(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): readonly (readonly [Found["kind"], Document])[] {
  switch (type) {
    case "AWS::IAM::Role":
      return [
        ["trust", properties["AssumeRolePolicyDocument"] as Document],
        ...(properties["Policies"] as readonly { readonly PolicyDocument: Document }[]).map(
          ({ PolicyDocument }) => ["identity", PolicyDocument] as const,
        ),
      ];
    case "AWS::IAM::ManagedPolicy":
      return [["identity", properties["PolicyDocument"] as Document]];
    case "AWS::KMS::Key":
      return [["resource", properties["KeyPolicy"] as Document]];
    case "AWS::S3::BucketPolicy":
    case "AWS::SQS::QueuePolicy":
      return [["resource", properties["PolicyDocument"] as Document]];
    case "AWS::Events::EventBusPolicy":
      return [["resource", { Statement: [properties["Statement"] as Readonly<Record<string, unknown>>] }]];
    default:
      return [];
  }
}

/** Counts the characters of a policy as IAM and S3 do: without blanks. */
export const sizeOf = (document: unknown): number => JSON.stringify(document).length;
