/**
 * An app's templates as they can be deployed here: without the bootstrap stack's parameter and rule, with the parts of
 * the artifact as their assets, and with the names the other stacks really have.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  readTemplate,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import type { AssembledStack, AssemblyRequest } from "#release/stack/assembly.ts";
import { archivePath } from "#release/stack/local-reference.ts";
import { type Assets, readAssets } from "./assets.ts";
import { type CdkStack, unsupported } from "./cloud-assembly.ts";
import {
  type Asking,
  applicationName,
  applicationParameter,
  crossReference,
  withOwnExports,
} from "./cross-references.ts";
import { type Images, imageFor, repositoriesFor, withAssetLocations, withKey } from "./rewrite-assets.ts";

type Work = Asking & {
  readonly assets: Assets;
  readonly images: Images;
  /** The anchor's, whose cache the parts are in. */
  readonly account: string;
  readonly text: AssemblyRequest["text"];
};

type Made = {
  readonly document: TemplateDocument;
  readonly nested: Readonly<Record<string, TemplateDocument>>;
};

export async function deployable(
  request: Pick<AssemblyRequest, "text" | "line" | "targets">,
  stack: CdkStack,
  stacks: readonly CdkStack[],
  images: Images,
): Promise<AssembledStack> {
  const { id, level, path, name } = stack;
  const assets = await readAssets(request, stack);
  // All environments of a line have names of one kind.
  const naming = request.targets.some((target) => target.stack !== undefined) ? "short" : "long";
  const application = applicationName(id, naming);
  const work: Work = {
    naming,
    stack,
    stacks,
    assets,
    images,
    application,
    account: request.line.account,
    text: request.text,
  };
  return { id, level, path, ...(await made(work, path, `The template of ${name}`)) };
}

async function made(work: Work, path: string, askedBy: string): Promise<Made> {
  const { stack } = work;
  const document = withoutBootstrap(readTemplate(await work.text(path, askedBy), path), stack);
  const outputs = withOwnExports(document["Outputs"], stack);
  const exported = outputs === undefined ? document : { ...document, Outputs: outputs };
  const { resources, nested } = await withNested(work, exported["Resources"], path);
  return { document: rewritten({ ...exported, Resources: resources }, work) as TemplateDocument, nested };
}

/** Nested templates are made in their turn, and told the application's name where they refer to other stacks. */
async function withNested(work: Work, resources: PlainValue | undefined, path: string) {
  const nested: Record<string, TemplateDocument> = {};
  const changed: [string, PlainValue][] = [];
  for (const [id, resource] of Object.entries(isObject(resources) ? resources : {})) {
    const properties = isObject(resource) ? resource["Properties"] : undefined;
    const local = nestedTemplate(work, resource);
    if (local === undefined || !isObject(resource) || !isObject(properties)) {
      changed.push([id, resource]);
      continue;
    }
    const at = ["Resources", id, "Properties", "TemplateURL"];
    const inner = archivePath(path, { at, path: local, kind: "template", form: "url" });
    const application = { Ref: applicationParameter };
    const child = await made({ ...work, application }, inner, `${path}: ${at.join(".")}`);
    const refers = JSON.stringify(child.document).includes(`"${applicationParameter}"`);
    Object.assign(nested, child.nested, { [inner]: refers ? withParameter(child.document) : child.document });
    const given = isObject(properties["Parameters"]) ? properties["Parameters"] : {};
    const withApplication = refers && { Parameters: { ...given, [applicationParameter]: work.application } };
    changed.push([
      id,
      { ...resource, Properties: { ...properties, ...withApplication, TemplateURL: local } },
    ]);
  }
  return { resources: Object.fromEntries(changed), nested };
}

/** The local path of the template a resource nests. */
function nestedTemplate({ assets }: Work, resource: PlainValue): string | undefined {
  if (!isObject(resource) || resource["Type"] !== "AWS::CloudFormation::Stack") return undefined;
  const properties = resource["Properties"];
  const url = JSON.stringify(isObject(properties) ? (properties["TemplateURL"] ?? null) : null);
  return assets.files.find(({ key }) => url.includes(key))?.path;
}

const withParameter = (document: TemplateDocument): TemplateDocument => ({
  ...document,
  Parameters: {
    ...(isObject(document["Parameters"]) ? document["Parameters"] : {}),
    [applicationParameter]: { Type: "String" },
  },
});

function rewritten(value: PlainValue, work: Work): PlainValue {
  if (typeof value === "string") return withAssetLocations(value, work.assets);
  if (Array.isArray(value)) return (value as readonly PlainValue[]).map((item) => rewritten(item, work));
  if (!isObject(value)) return value;
  const [[call = "", argument] = []] = Object.entries(value);
  const reference = crossReference(call, argument, work);
  if (reference !== undefined) return reference;
  if (call === "Fn::Sub" && typeof argument === "string") return substituted(argument, work);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, PlainValue] => {
      if (key === "Statement" && Array.isArray(inner))
        return [key, withKey(rewritten(inner as PlainValue, work) as readonly PlainValue[], work.account)];
      const arns = key === "Resource" ? repositoriesFor(inner, work.assets, work.images) : undefined;
      return [key, arns ?? rewritten(inner, work)];
    }),
  );
}

function substituted(text: string, { assets, images }: Work): PlainValue {
  const made = imageFor(text, assets, images) ?? withAssetLocations(text, assets);
  return made.includes("${") ? { "Fn::Sub": made } : made;
}

/** Removes the parameters and rules by which a template checks for `cdk bootstrap`. */
function withoutBootstrap(document: TemplateDocument, { name }: CdkStack): TemplateDocument {
  const { Parameters, Rules, ...rest } = document;
  const parameters = isObject(Parameters) ? Parameters : {};
  const legacy = Object.keys(parameters).find((key) => key.startsWith("AssetParameters"));
  if (legacy !== undefined) {
    throw unsupported(
      `${name} takes its assets as parameters (${legacy}), as the legacy synthesizer writes them; expected the default one of CDK 2.`,
    );
  }
  const rules = isObject(Rules) ? Rules : {};
  return {
    ...rest,
    ...without("Parameters", parameters, "BootstrapVersion"),
    ...without("Rules", rules, "CheckBootstrapVersion"),
  };
}

function without(section: string, { ...entries }: PlainObject, dropped: string): PlainObject {
  const kept = Object.entries(entries).filter(([key]) => key !== dropped);
  return kept.length === 0 ? {} : { [section]: Object.fromEntries(kept) };
}
