/**
 * The deployable form of an artifact after packaging: CloudFormation stacks whose local references are still
 * to be published, and files that later actions use unchanged.
 */

import type { Manifest } from "#release/artifact/manifest.ts";
import { readTemplate, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { memberEnding } from "#release/names/stack-names.ts";
import type { Target } from "#release/traits/targets.ts";

export type AssemblyRequest = {
  readonly line: Line;
  readonly manifest: Manifest;
  readonly targets: readonly Target[];
  /** Of files, in the zip's order. */
  readonly names: readonly string[];
  /** Throws `ReferenceMissing`, naming who asked, when there is no such file. */
  readonly text: (path: string, askedBy: string) => Promise<string>;
};

export type AssembledStack = {
  /**
   * The suffix of the stack's name; "" for an application with one stack. It has up to 24 lower-case letters,
   * digits and hyphens.
   */
  readonly id: string;
  /** Stacks of a lower level are deployed before those of a higher one, and deleted after them. */
  readonly level: number;
  /** The template's path in the artifact, which local references are relative to. */
  readonly path: string;
  readonly document: TemplateDocument;
  /** The environments that get the stack; all of them when it is missing. */
  readonly environments?: readonly string[];
  /** Templates within it that are not deployed as the artifact has them, by their path there. */
  readonly nested?: Readonly<Record<string, TemplateDocument>>;
};

export type Assembly = {
  readonly stacks: readonly AssembledStack[];
  /** Files of the artifact that actions in the environments take as they are, by their path there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Documents made here that travel with them. */
  readonly documents?: Readonly<Record<string, string>>;
  /** The artifact itself, byte for byte, is published as a part. */
  readonly whole?: true;
};

/** The entry is the template of the only stack. */
export async function oneStack({ manifest, text }: AssemblyRequest): Promise<Assembly> {
  const path = manifest.entry;
  const document = readTemplate(await text(path, "The release's template"), path);
  return { stacks: [{ id: "", level: 0, path, document }] };
}

const stackId = /^([a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?)?$/;

/** Returns the assembly, or throws `TemplateFailed` if it cannot be deployed. */
export function checkAssembly(assembly: Assembly): Assembly {
  const ids = assembly.stacks.map(({ id }) => id);
  const endings = ids.map((id) => memberEnding(id, "short"));
  const odd = ids.find(
    (id, index) =>
      !stackId.test(id) || id.includes("--") || endings.indexOf(memberEnding(id, "short")) !== index,
  );
  if (odd === undefined) return assembly;
  const seen = `The release template made a stack with the id ${JSON.stringify(odd)}, which is not a valid id or gives two stacks the same name.`;
  throw new ReleaseError("TemplateFailed", seen);
}
