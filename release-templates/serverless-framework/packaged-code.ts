/**
 * A packaged service's template as it can be deployed here: its archives are parts of the artifact, and the bucket the
 * Framework would keep them in is gone.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";

type PackagedService = {
  readonly document: TemplateDocument;
  /**
   * The locations to which the Framework would upload its packages, and the locations of the author's own
   * packages.
   */
  readonly state: ServiceState;
  /** The package's own files, and all of the service's: relative to the package's folder and to the service's. */
  readonly packed: readonly string[];
  readonly files: readonly string[];
};

export type ServiceState = {
  /** The key of the folder in the deployment bucket, e.g. serverless/shop/dev/1608485420551-2020-12-20T17:30:20.551Z. */
  readonly folder?: string;
  /** Paths of archives as they were on the machine that packed them. */
  readonly archives: readonly string[];
};

const bucket = "ServerlessDeploymentBucket";
const ownRole = "IamRoleLambdaExecution";

/**
 * Throws `ReferenceMissing` for an archive that the artifact lacks, and `AssemblyUnsupported` for a resource
 * that needs the bucket.
 */
export function withLocalCode(service: PackagedService): TemplateDocument {
  const { document } = service;
  const resources = isObject(document["Resources"]) ? document["Resources"] : {};
  const outputs = isObject(document["Outputs"]) ? document["Outputs"] : {};
  const Resources = Object.fromEntries(
    Object.entries(resources).flatMap(([id, resource]): [string, PlainValue][] =>
      id === bucket || id === `${bucket}Policy` ? [] : [[id, changed(id, resource, service)]],
    ),
  );
  const Outputs = Object.fromEntries(Object.entries(outputs).filter(([id]) => id !== `${bucket}Name`));
  const made = { ...document, Resources, Outputs };
  const user = Object.entries(Resources).find(([, each]) => JSON.stringify(each).includes(`"${bucket}"`));
  if (user === undefined) return made;
  const seen = `The resource ${user[0]} refers to ${bucket}, which Kedge does not deploy, because its contents are assets of the artifact.`;
  throw new ReleaseError("AssemblyUnsupported", seen);
}

function changed(id: string, resource: PlainValue, service: PackagedService): PlainValue {
  const properties = isObject(resource) ? resource["Properties"] : undefined;
  if (!isObject(resource) || !isObject(properties)) return resource;
  if (resource["Type"] === "AWS::Lambda::Function")
    return withArchive(resource, properties, "Code", id, service);
  if (resource["Type"] === "AWS::Lambda::LayerVersion")
    return withArchive(resource, properties, "Content", id, service);
  if (id !== ownRole) return resource;
  // Only the Framework's own functions refer to it, by attribute; CloudFormation names it as the targets allow.
  const { RoleName: _, ...unnamed } = properties;
  return { ...resource, Properties: unnamed };
}

function withArchive(
  resource: PlainObject,
  properties: PlainObject,
  property: "Code" | "Content",
  id: string,
  service: PackagedService,
): PlainObject {
  const code = properties[property];
  if (!isObject(code) || typeof code["S3Key"] !== "string" || !isPackaged(code, service)) return resource;
  const name = code["S3Key"].slice(code["S3Key"].lastIndexOf("/") + 1);
  const path = archiveNamed(name, service);
  if (path !== undefined) return { ...resource, Properties: { ...properties, [property]: path } };
  const seen = `${id} runs ${name}, which is neither in the package nor where serverless.yml has it.`;
  throw new ReleaseError("ReferenceMissing", seen);
}

/** In the bucket the Framework makes, or in the folder it would fill in one of the author's. */
function isPackaged({ S3Bucket, S3Key }: PlainObject, { state }: PackagedService): boolean {
  if (isObject(S3Bucket) && S3Bucket["Ref"] === bucket) return true;
  return state.folder !== undefined && String(S3Key).startsWith(`${state.folder}/`);
}

/** The Framework keeps an archive's own name; one it did not make itself lies where serverless.yml says. */
function archiveNamed(name: string, { state, packed, files }: PackagedService): string | undefined {
  if (packed.includes(name)) return name;
  const own = state.archives.filter((path) => path.endsWith(`/${name}`) || path === name);
  const there = files.filter((file) => own.some((path) => `/${path}`.endsWith(`/${file}`)));
  const nearest = there.sort((a, b) => b.length - a.length)[0];
  return nearest && `../${nearest}`;
}
