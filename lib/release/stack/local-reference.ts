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

/**
 * The form of an S3 location. Where CloudFormation has a property for the object's version, the form names the
 * version; a `uri` and Elastic Beanstalk's `bundle` cannot.
 */
export const locationForms = {
  /** s3://bucket/key */
  uri: {},
  /** https://bucket.s3.region.amazonaws.com/key?versionId=version */
  url: {},
  lambda: { bucket: "S3Bucket", key: "S3Key", version: "S3ObjectVersion" },
  bundle: { bucket: "S3Bucket", key: "S3Key" },
  location: { bucket: "Bucket", key: "Key", version: "Version" },
  repository: { bucket: "Bucket", key: "Key", version: "ObjectVersion" },
  /** The key alone, inside a text. */
  token: {},
} as const satisfies Readonly<Record<string, Fields>>;

type Fields = { readonly bucket?: string; readonly key?: string; readonly version?: string };

type LocationForm = keyof typeof locationForms;

type Row = { readonly property: string; readonly kind: ReferenceKind; readonly form: LocationForm };

const row = (property: string, kind: ReferenceKind, form: LocationForm): Row => ({ property, kind, form });
const resolver = [
  "RequestMappingTemplateS3Location",
  "ResponseMappingTemplateS3Location",
  "CodeS3Location",
].map((property) => row(property, "file", "uri"));

/** `*` in a path stands for every key. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  "AWS::Serverless::Function": [row("CodeUri", "zip", "location")],
  "AWS::Serverless::LayerVersion": [row("ContentUri", "zip", "location")],
  "AWS::Serverless::Api": [row("DefinitionUri", "file", "location")],
  "AWS::Serverless::HttpApi": [row("DefinitionUri", "file", "location")],
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
  "AWS::ElasticBeanstalk::ApplicationVersion": [row("SourceBundle", "file", "bundle")],
  "AWS::Glue::Job": [row("Command.ScriptLocation", "file", "uri")],
  "AWS::CodeCommit::Repository": [row("Code.S3", "zip", "repository")],
};

/** Defaults of a SAM template that hold for every resource of a kind. */
const globals: Readonly<Record<string, Row>> = {
  Function: row("CodeUri", "zip", "location"),
  LayerVersion: row("ContentUri", "zip", "location"),
  Api: row("DefinitionUri", "file", "location"),
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
  ];
}

/**
 * The path of the version of the object whose key stands at `at`; undefined where the resource has no property
 * for it. A token writes only the key, so its version is a sibling property.
 */
export function siblingVersion(
  document: TemplateDocument,
  at: readonly string[],
): readonly string[] | undefined {
  const [section, id, properties, ...property] = at;
  const field = property.pop();
  if (section !== "Resources" || properties !== "Properties") return undefined;
  const { type = "" } = resourcesOf(document).find((resource) => resource.id === id) ?? {};
  const found = (rows[type] ?? []).find((each) => each.property === property.join("."));
  const { key, version }: Fields = found === undefined ? {} : locationForms[found.form];
  return key === field && version !== undefined ? [...at.slice(0, -1), version] : undefined;
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
  return [{ at: [...base, "CodeUri"], path: ".", kind: "zip", form: "location" }];
}
