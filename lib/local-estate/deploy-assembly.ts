/**
 * Deploys a CDK cloud assembly as `cdk deploy` does: it publishes each stack's file assets, including the
 * template, then creates the stacks in order. The CDK's own tool needs seconds per call.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Clients } from "./clients.ts";
import { deployStack } from "./deploy-stack.ts";

type AssemblyOrder = {
  /** The assembly's folder; every asset in it is a file. */
  readonly folder: string;
  readonly account: string;
  readonly region: string;
  readonly clients: Clients;
  readonly endpoint: string;
};

type Artifact = {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
};
type Manifest = { readonly artifacts: Readonly<Record<string, Artifact>> };
type AssetFile = {
  readonly source: { readonly path?: string };
  readonly destinations: Readonly<
    Record<string, { readonly bucketName: string; readonly objectKey: string }>
  >;
};
type AssetManifest = { readonly files?: Readonly<Record<string, AssetFile>> };

export async function deployAssembly(order: AssemblyOrder): Promise<void> {
  const { artifacts } = await readJson<Manifest>(join(order.folder, "manifest.json"));
  for (const name of inOrder(artifacts)) {
    const templateFile = artifacts[name]?.properties?.templateFile ?? `${name}.template.json`;
    const at = await publishAssets(order, name, templateFile);
    const stack = artifacts[name]?.properties?.stackName ?? name;
    const template =
      at === undefined
        ? { body: await readFile(join(order.folder, templateFile), "utf8") }
        : { url: `${order.endpoint}/${at}` };
    await deployStack(order.clients(CloudFormationClient, order.account), { name: stack, ...template });
  }
}

const readJson = async <Content>(file: string): Promise<Content> =>
  JSON.parse(await readFile(file, "utf8")) as Content;

/** The stacks in order: dependencies come first. */
function inOrder(artifacts: Manifest["artifacts"]): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    for (const dependency of artifacts[name]?.dependencies ?? []) visit(dependency);
    if (artifacts[name]?.type === "aws:cloudformation:stack") ordered.add(name);
  };
  for (const name of Object.keys(artifacts)) visit(name);
  return [...ordered];
}

/** Answers the bucket and the key of the template, if it is one of the assets. */
async function publishAssets(
  { folder, account, region, clients }: AssemblyOrder,
  name: string,
  templateFile: string,
): Promise<string | undefined> {
  const { files = {} } = await readJson<AssetManifest>(join(folder, `${name}.assets.json`)).catch(
    (error: NodeJS.ErrnoException): AssetManifest => {
      // A stack without assets has no list of them.
      if (error.code === "ENOENT") return {};
      throw error;
    },
  );
  const concrete = (text: string): string =>
    text
      .replaceAll("$" + "{AWS::AccountId}", account)
      .replaceAll("$" + "{AWS::Region}", region)
      .replaceAll("$" + "{AWS::Partition}", "aws");
  let template: string | undefined;
  for (const { source, destinations } of Object.values(files)) {
    for (const { bucketName, objectKey } of Object.values(destinations)) {
      const bucket = concrete(bucketName);
      await publishOnce(
        clients(S3Client, account),
        bucket,
        objectKey,
        await readFile(join(folder, source.path ?? "")),
      );
      if (source.path === templateFile) template = `${bucket}/${objectKey}`;
    }
  }
  return template;
}

/** Keys are hashes of the content, so an existing object is not sent again. */
async function publishOnce(s3: S3Client, Bucket: string, Key: string, Body: Uint8Array): Promise<void> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return;
  } catch (error) {
    if (!(error instanceof Error && /NotFound|NoSuchKey|NoSuchBucket/.test(error.name))) throw error;
  }
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "BucketAlreadyOwnedByYou")) throw error;
  }
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}
