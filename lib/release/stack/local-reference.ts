/**
 * The properties of a template that may name a local file, and the form of the S3 location that replaces it.
 * The table is that of `aws cloudformation package` and `sam package`.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  resourcesOf,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";

/**
 * `zip`: a folder or file is packed, an archive is taken as it is. `file`: taken as it is (a folder is packed).
 * `template`: another template, packaged in its turn.
 */
type ReferenceKind = "zip" | "file" | "template";

/** `uri`: s3://bucket/key. `url`: https://… `lambda`: {S3Bucket, S3Key}. `location`: {Bucket, Key}. `token`: the key. */
type LocationForm = "uri" | "url" | "lambda" | "location" | "token";

type Row = { readonly property: string; readonly kind: ReferenceKind; readonly form: LocationForm };

const row = (property: string, kind: ReferenceKind, form: LocationForm): Row => ({ property, kind, form });
const resolver = [
  "RequestMappingTemplateS3Location",
  "ResponseMappingTemplateS3Location",
  "CodeS3Location",
].map((property) => row(property, "file", "uri"));

/** `*` in a path stands for every key. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  "AWS::Serverless::Function": [row("CodeUri", "zip", "uri")],
  "AWS::Serverless::LayerVersion": [row("ContentUri", "zip", "uri")],
  "AWS::Serverless::Api": [row("DefinitionUri", "file", "uri")],
  "AWS::Serverless::HttpApi": [row("DefinitionUri", "file", "uri")],
  "AWS::Serverless::StateMachine": [row("DefinitionUri", "file", "location")],
  "AWS::Serverless::Application": [row("Location", "template", "url")],
  "AWS::Serverless::GraphQLApi": [
    row("SchemaUri", "file", "uri"),
    row("Functions.*.CodeUri", "file", "uri"),
    row("Resolvers.*.*.CodeUri", "file", "uri"),
  ],
  "AWS::Lambda::Function": [row("Code", "zip", "lambda")],
  "AWS::Lambda::LayerVersion": [row("Content", "zip", "lambda")],
  "AWS::ApiGateway::RestApi": [row("BodyS3Location", "file", "location")],
  "AWS::ApiGatewayV2::Api": [row("BodyS3Location", "file", "location")],
  "AWS::AppSync::GraphQLSchema": [row("DefinitionS3Location", "file", "uri")],
  "AWS::AppSync::Resolver": resolver,
  "AWS::AppSync::FunctionConfiguration": resolver,
  "AWS::StepFunctions::StateMachine": [row("DefinitionS3Location", "file", "location")],
  "AWS::CloudFormation::Stack": [row("TemplateURL", "template", "url")],
  "AWS::CloudFormation::StackSet": [row("TemplateURL", "template", "url")],
  "AWS::CloudFormation::ModuleVersion": [row("ModulePackage", "file", "uri")],
  "AWS::CloudFormation::ResourceVersion": [row("SchemaHandlerPackage", "file", "uri")],
  "AWS::ElasticBeanstalk::ApplicationVersion": [row("SourceBundle", "file", "lambda")],
  "AWS::Glue::Job": [row("Command.ScriptLocation", "file", "uri")],
  "AWS::CodeCommit::Repository": [row("Code.S3", "zip", "location")],
};

/** Defaults of a SAM template that hold for every resource of a kind. */
const globals: Readonly<Record<string, Row>> = {
  Function: row("CodeUri", "zip", "uri"),
  LayerVersion: row("ContentUri", "zip", "uri"),
  Api: row("DefinitionUri", "file", "uri"),
};

const publication = ["LicenseUrl", "ReadmeUrl"].map((property) => row(property, "file", "uri"));

export type LocalReference = {
  /** The path of the reference in the document. */
  readonly at: readonly string[];
  /** The local path, as written, relative to the template's folder. */
  readonly path: string;
  readonly kind: ReferenceKind;
  readonly form: LocationForm;
};

/** Every local reference of a template, in the document's order. */
export function localReferences(document: TemplateDocument): readonly LocalReference[] {
  return [
    ...inGlobals(document),
    ...inMetadata(document),
    ...resourcesOf(document).flatMap(({ id, type, properties }) => {
      const base = ["Resources", id, "Properties"];
      const direct = (rows[type] ?? []).flatMap((each) => matches(properties, each, base));
      return [...direct, ...withoutCode(document, type, properties, base)];
    }),
    ...includes(document, []),
  ];
}

/** The path inside the zip, "" being its top. Throws `ReferenceMalformed` when it leads out. */
export function archivePath(templatePath: string, { path, at }: LocalReference): string {
  const steps = templatePath.split("/").slice(0, -1);
  for (const step of path.replaceAll("\\", "/").split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) {
      throw new ReleaseError(
        "ReferenceMalformed",
        `${at.join(".")} is ${path}, which points outside of the artifact.`,
      );
    }
  }
  if (/^([/\\]|[a-z]:)/i.test(path)) {
    throw new ReleaseError(
      "ReferenceMalformed",
      `${at.join(".")} is ${path}, a path of the machine that packed the artifact.`,
    );
  }
  return steps.join("/");
}

const isLocal = (value: PlainValue | undefined): value is string =>
  typeof value === "string" && value !== "" && !/^(s3|https?):\/\//i.test(value);

function matches(
  value: PlainValue,
  { property, kind, form }: Row,
  base: readonly string[],
): readonly LocalReference[] {
  return find(value, property.split("."), base).flatMap(({ at, found }) =>
    isLocal(found) ? [{ at, path: found, kind, form }] : [],
  );
}

type Found = { readonly at: readonly string[]; readonly found: PlainValue };

function find(value: PlainValue, steps: readonly string[], at: readonly string[]): readonly Found[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{ at, found: value }];
  if (!isObject(value)) return [];
  return Object.keys(value)
    .filter((key) => step === "*" || key === step)
    .flatMap((key) => find(value[key] ?? null, rest, [...at, key]));
}

const inGlobals = (document: TemplateDocument): readonly LocalReference[] =>
  Object.entries(globals).flatMap(([section, each]) =>
    find(document, ["Globals", section], []).flatMap(({ at, found }) => matches(found, each, at)),
  );

const inMetadata = (document: TemplateDocument): readonly LocalReference[] =>
  find(document, ["Metadata", "AWS::ServerlessRepo::Application"], []).flatMap(({ at, found }) =>
    publication.flatMap((each) => matches(found, each, at)),
  );

/** A serverless function that says nothing of its code means the template's own folder. */
function withoutCode(
  document: TemplateDocument,
  type: string,
  properties: PlainObject,
  base: readonly string[],
): readonly LocalReference[] {
  if (type !== "AWS::Serverless::Function") return [];
  const said = ["CodeUri", "InlineCode", "ImageUri"].some((property) => properties[property] !== undefined);
  const [inherited] = find(document, ["Globals", "Function"], []);
  const packageType =
    properties["PackageType"] ?? (isObject(inherited?.found) ? inherited.found["PackageType"] : undefined);
  const general = isObject(inherited?.found) && inherited.found["CodeUri"] !== undefined;
  if (said || general || packageType === "Image") return [];
  return [{ at: [...base, "CodeUri"], path: ".", kind: "zip", form: "uri" }];
}

/** `Fn::Transform: AWS::Include` may stand anywhere. */
function includes(value: PlainValue, at: readonly string[]): readonly LocalReference[] {
  if (Array.isArray(value)) {
    return (value as readonly PlainValue[]).flatMap((item, index) => includes(item, [...at, String(index)]));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...at, key];
    if (
      !["Fn::Transform", "Transform"].includes(key) ||
      !isObject(inner) ||
      inner["Name"] !== "AWS::Include"
    ) {
      return includes(inner, here);
    }
    return matches(inner, row("Parameters.Location", "file", "uri"), here);
  });
}
