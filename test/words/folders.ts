/**
 * Lists the folders that have counts and ceilings of their own. A file belongs to the folder with the longest path.
 * A folder that moves keeps its name here and gets a second path, so a move changes no ceiling.
 */
type Folder = { readonly name: string; readonly paths: readonly string[] };

export const folders: readonly Folder[] = [
  { name: "bin", paths: ["bin"] },
  { name: "lib/release", paths: ["lib/release"] },
  { name: "lib/journey", paths: ["lib/journey"] },
  { name: "lib/ports", paths: ["lib/ports"] },
  { name: "lib/operate", paths: ["lib/operate"] },
  { name: "lib/deploy", paths: ["lib/deploy"] },
  { name: "lib/local-estate", paths: ["lib/local-estate"] },
  { name: "lib/aws", paths: ["lib/aws"] },
  { name: "lib/synth", paths: ["lib/synth"] },
  { name: "lib/constructs", paths: ["lib/constructs"] },
  { name: "lib/control-plane", paths: ["lib/control-plane"] },
  { name: "lib/access", paths: ["lib/access"] },
  { name: "lib/bundle", paths: ["lib/bundle"] },
  { name: "lambdas", paths: ["lambdas"] },
  { name: "release-templates", paths: ["release-templates"] },
  { name: "anchor-stack", paths: ["anchor-stack"] },
  { name: "packages/local-cloud/src", paths: ["packages/local-cloud/src"] },
  { name: "packages/local-cloud/test", paths: ["packages/local-cloud/test"] },
  { name: "test/fuzz", paths: ["test/fuzz"] },
  { name: "test/simulation", paths: ["test/simulation"] },
  { name: "test", paths: ["test"] },
  { name: "bench", paths: ["bench"] },
];

/** The row of Markdown files, wherever they are. */
export const docs = "docs";

/** The row of files outside of every listed folder. */
export const other = "other";

const byLongestPath = folders
  .flatMap(({ name, paths }) => paths.map((path) => ({ name, prefix: `${path}/` })))
  .sort((a, b) => b.prefix.length - a.prefix.length);

export function folderOf(file: string): string {
  if (file.endsWith(".md")) return docs;
  return byLongestPath.find(({ prefix }) => file.startsWith(prefix))?.name ?? other;
}
