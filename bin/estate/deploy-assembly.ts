/**
 * Deploys a CDK cloud assembly into an account of the embedded cloud the way `cdk deploy` does: publishes the file
 * assets, then creates each stack from its template. The CDK CLI itself takes seconds a call.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Clients } from "./clients.ts";
import { deployStack } from "./deploy-stack.ts";
import { zipFolder } from "./zip-folder.ts";

type AssetManifest = {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: "file" | "zip" };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
};

type AssemblyManifest = {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly stackTemplateAssetObjectUrl?: string;
        };
      }
    >
  >;
};

export type AssemblyOrder = {
  readonly directory: string;
  readonly account: string;
  readonly region: string;
  readonly clients: Clients;
  readonly endpoint: string;
};

/** Outputs by stack name. */
export async function deployAssembly(
  order: AssemblyOrder,
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const { directory, account, clients } = order;
  const resolve = (text: string): string =>
    text
      .replaceAll("${AWS::AccountId}", account)
      .replaceAll("${AWS::Region}", order.region)
      .replaceAll("${AWS::Partition}", "aws");
  const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8")) as AssemblyManifest;
  const names = Object.keys(manifest.artifacts).filter(
    (name) => manifest.artifacts[name]?.type === "aws:cloudformation:stack",
  );
  const s3 = clients(S3Client, account);
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  for (const name of names) {
    const assets = JSON.parse(
      await readFile(join(directory, `${name}.assets.json`), "utf8"),
    ) as AssetManifest;
    await Promise.all(
      Object.values(assets.files).flatMap((file) =>
        Object.values(file.destinations).map(async (destination) => {
          const Bucket = resolve(destination.bucketName);
          await createBucket(s3, Bucket);
          await publish(
            s3,
            Bucket,
            destination.objectKey,
            join(directory, file.source.path),
            file.source.packaging,
          );
        }),
      ),
    );
    const properties = manifest.artifacts[name]?.properties;
    const body = await readFile(join(directory, properties?.templateFile ?? `${name}.template.json`), "utf8");
    const at = resolve(properties?.stackTemplateAssetObjectUrl ?? "").replace("s3://", `${order.endpoint}/`);
    const stack = properties?.stackName ?? name;
    outputs[stack] = await deployStack(clients(CloudFormationClient, account), {
      name: stack,
      ...(at === "" ? { body } : { url: at }),
    });
  }
  return outputs;
}

async function createBucket(s3: S3Client, Bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "BucketAlreadyOwnedByYou")) throw error;
  }
}

/** Asset keys are content hashes: what is there already need not be sent again. */
async function publish(
  s3: S3Client,
  Bucket: string,
  Key: string,
  path: string,
  packaging: "file" | "zip",
): Promise<void> {
  const present = await s3.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    () => false,
  );
  if (present) return;
  const Body =
    packaging === "zip" && (await stat(path)).isDirectory() ? await zipFolder(path) : await readFile(path);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}
