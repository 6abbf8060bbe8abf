/** Lists the documents that Prepare hands on: templates, configurations, files, and the documents of Package. */
import { writeTemplate } from "#release/document/template-document.ts";
import type { Release } from "#release/plan/release.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import type { Configuration } from "#release/stack/configuration.ts";
import type { Parameters } from "#release/stack/parameters.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";
import { documents, filesFolder } from "./documents.ts";
import type { judgePrepared } from "./judge-prepared.ts";
import { type Documents, documentIn } from "./small-zip.ts";
import { stackTags, withOrigin } from "./stack-tags.ts";

type Prepared = {
  readonly release: Release;
  readonly digest: string;
  readonly stacks: readonly AssembledStack[];
  readonly parameters: Parameters;
  readonly configuration: Configuration;
  readonly files: readonly ZipContent[];
  readonly findings: ReturnType<typeof judgePrepared>;
  readonly fixed: readonly unknown[];
};

/** The output of the action, without the document of the gate. */
export function contentsOf(
  packaged: Documents,
  { release, digest, stacks, parameters, configuration, files, findings, fixed }: Prepared,
): readonly ZipContent[] {
  const origin = { line: release.line, versionId: release.artifact.versionId, digest };
  return [
    ...stacks.map(({ id, document }) => ({
      name: documents.template(id),
      content: writeTemplate(withOrigin(configuration.documents?.[id] ?? document, origin)),
    })),
    ...configurations(configuration, release, stacks, parameters),
    ...[...packaged].flatMap(([name, content]) =>
      name.startsWith(filesFolder) ? [{ name: name.slice(filesFolder.length), content }] : [],
    ),
    ...Object.entries(configuration.files ?? {}).map(([name, content]) => ({ name, content })),
    ...files,
    ...handedOn(packaged),
    { name: documents.findings, content: JSON.stringify(findings) },
    ...(fixed.length === 0 ? [] : [{ name: documents.settings, content: JSON.stringify(fixed) }]),
  ];
}

/** Documents that the later actions of the environment read as Package wrote them. */
const handedOn = (packaged: Documents): readonly ZipContent[] =>
  [documents.release, documents.digest, documents.stacks, documents.policy]
    // A release that an earlier version of Kedge packaged has no policy.
    .filter((name) => name !== documents.policy || packaged.has(name))
    .map((name) => ({ name, content: documentIn(packaged, name) }));

function configurations(
  { values }: Configuration,
  { line }: Release,
  stacks: readonly AssembledStack[],
  { tags }: Parameters,
): readonly ZipContent[] {
  return Object.entries(values).map(([name, Parameters]) => {
    const level = stacks.find(({ id }) => id === name)?.level ?? 0;
    return {
      name: documents.config(name),
      content: JSON.stringify({ Parameters, Tags: stackTags(line, tags, level) }),
    };
  });
}
