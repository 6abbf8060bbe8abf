/** A cloud assembly in few words: what to upload and what to deploy, in order, for whoever has no CDK tool at hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";

export type AssemblyAsset = { readonly file: string; readonly bucket: string; readonly key: string };

export type AssemblyStack = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: string;
  /** The stack's files; the template itself is not among them. */
  readonly assets: readonly AssemblyAsset[];
};

/** `stacks` are in the order in which they have to be deployed. */
export type Assembly = { readonly folder: string; readonly stacks: readonly AssemblyStack[] };

type AssetManifest = {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
};

export function readAssembly(assembly: CloudAssembly): Assembly {
  return {
    folder: assembly.directory,
    stacks: assembly.stacks.map((stack) => ({
      name: stack.stackName,
      account: stack.environment.account,
      region: stack.environment.region,
      template: stack.templateFullPath,
      assets: assetsOf(assembly.directory, stack.id, stack.templateFile, stack.environment),
    })),
  };
}

function assetsOf(
  folder: string,
  id: string,
  templateFile: string,
  env: { readonly account: string; readonly region: string },
): readonly AssemblyAsset[] {
  const manifest = readManifest(join(folder, `${id}.assets.json`));
  const concrete = (text: string): string =>
    text.replaceAll("${AWS::AccountId}", env.account).replaceAll("${AWS::Region}", env.region);
  return Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
    source.path === undefined || source.path === templateFile
      ? []
      : Object.values(destinations).map(({ bucketName, objectKey }) => ({
          file: join(folder, source.path ?? ""),
          bucket: concrete(bucketName),
          key: concrete(objectKey),
        })),
  );
}

/** A stack without assets has no manifest of them. */
function readManifest(file: string): AssetManifest {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as AssetManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
