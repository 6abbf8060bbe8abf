/** These operations publish, get, list and delete layer versions, and let other accounts use them. */
import type * as lambda from "@aws-sdk/client-lambda";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { conflict, constraint, notFound } from "./errors.ts";
import { findLayerVersion, layerAccess } from "./layer-arn.ts";
import { page } from "./page.ts";
import { readCode } from "./read-code.ts";
import type { LambdaState, LayerVersion } from "./state.ts";

const layerArn = (name: string | undefined, call: Call<LambdaState>): string =>
  (name ?? "").startsWith("arn:")
    ? (name ?? "")
    : `arn:aws:lambda:${call.region}:${call.account}:layer:${name}`;

const nameOf = (text: string | undefined): string => (text ?? "").split(":")[6] ?? text ?? "";

type Named = { readonly LayerName?: string | undefined; readonly VersionNumber?: number | undefined };

const versionAccess =
  (action: string) =>
  ({ LayerName, VersionNumber }: Named, call: Call<LambdaState>) =>
    layerAccess(action, `${layerArn(LayerName, call)}:${VersionNumber}`, call);

function find({ LayerName, VersionNumber }: Named, call: Call<LambdaState>): LayerVersion {
  const arn = `${layerArn(LayerName, call)}:${VersionNumber}`;
  const found = findLayerVersion(arn, call.stateOf);
  if (found === undefined) throw notFound(`The resource you requested does not exist.`);
  return found;
}

const show = (layer: LayerVersion) => ({
  LayerVersionArn: layer.arn,
  Version: layer.version,
  Description: layer.description,
  CreatedDate: new Date(layer.createdAt).toISOString().replace("Z", "+0000"),
  CompatibleRuntimes: [...layer.runtimes] as lambda.Runtime[],
  CompatibleArchitectures: [...layer.architectures] as lambda.Architecture[],
  LicenseInfo: layer.license,
});

const showWithContent = (layer: LayerVersion, call: Call<LambdaState>) => ({
  ...show(layer),
  LayerArn: layer.arn.slice(0, layer.arn.lastIndexOf(":")),
  Content: {
    Location: `${call.cloud.endpoint()}/awslambda-${call.region}-layers/snapshots/${layer.layer}-${layer.code.blob.id}`,
    CodeSha256: layer.code.sha256,
    CodeSize: layer.code.size,
  },
});

export const publishLayerVersion: OperationOf<typeof lambda, LambdaState, "PublishLayerVersion"> = {
  access: ({ LayerName }, call) => ({
    action: "lambda:PublishLayerVersion",
    resource: layerArn(LayerName, call),
  }),
  run: async (input, call) => {
    const name = nameOf(input.LayerName);
    if (!/^[\w-]{1,140}$/.test(name))
      throw constraint(name, "layerName", "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+");
    const code = await readCode(input.Content ?? {}, call);
    const versions = [...call.state.layers.values()].filter(({ layer }) => layer === name);
    const version = Math.max(0, ...versions.map((layer) => layer.version)) + 1;
    const row: LayerVersion = {
      layer: name,
      version,
      arn: `${layerArn(name, call)}:${version}`,
      code,
      description: input.Description ?? "",
      runtimes: input.CompatibleRuntimes ?? [],
      architectures: input.CompatibleArchitectures ?? [],
      license: input.LicenseInfo,
      createdAt: call.clock.now().getTime(),
      policy: [],
    };
    return showWithContent(call.state.layers.set(`${name}:${version}`, row), call);
  },
};

export const getLayerVersion: OperationOf<typeof lambda, LambdaState, "GetLayerVersion"> = {
  access: versionAccess("GetLayerVersion"),
  run: (input, call) => showWithContent(find(input, call), call),
};

export const getLayerVersionByArn: OperationOf<typeof lambda, LambdaState, "GetLayerVersionByArn"> = {
  access: ({ Arn = "" }, call) => layerAccess("GetLayerVersion", Arn, call),
  run: ({ Arn = "" }, call) => {
    const found = findLayerVersion(Arn, call.stateOf);
    if (found === undefined) throw notFound("The resource you requested does not exist.");
    return showWithContent(found, call);
  },
};

export const listLayerVersions: OperationOf<typeof lambda, LambdaState, "ListLayerVersions"> = {
  access: () => ({ action: "lambda:ListLayerVersions", resource: "*" }),
  run: ({ LayerName, Marker, MaxItems }, call) => {
    const mine = [...call.state.layers.values()].filter(({ layer }) => layer === nameOf(LayerName));
    const newestFirst = ({ version }: LayerVersion): string => String(1e9 - version);
    const { items, next } = page(mine, newestFirst, Marker, MaxItems, 50);
    return { LayerVersions: items.map(show), ...(next && { NextMarker: next }) };
  },
};

export const listLayers: OperationOf<typeof lambda, LambdaState, "ListLayers"> = {
  access: () => ({ action: "lambda:ListLayers", resource: "*" }),
  run: ({ Marker, MaxItems }, call) => {
    const latest = new Map<string, LayerVersion>();
    for (const layer of call.state.layers.values())
      if ((latest.get(layer.layer)?.version ?? 0) < layer.version) latest.set(layer.layer, layer);
    const { items, next } = page([...latest.values()], ({ layer }) => layer, Marker, MaxItems, 50);
    return {
      Layers: items.map((layer) => ({
        LayerName: layer.layer,
        LayerArn: layer.arn.slice(0, layer.arn.lastIndexOf(":")),
        LatestMatchingVersion: show(layer),
      })),
      ...(next && { NextMarker: next }),
    };
  },
};

export const deleteLayerVersion: OperationOf<typeof lambda, LambdaState, "DeleteLayerVersion"> = {
  access: versionAccess("DeleteLayerVersion"),
  run: ({ LayerName, VersionNumber }, call) => {
    call.state.layers.delete(`${nameOf(LayerName)}:${VersionNumber}`);
    return {};
  },
};

export const addLayerVersionPermission: OperationOf<typeof lambda, LambdaState, "AddLayerVersionPermission"> =
  {
    access: versionAccess("AddLayerVersionPermission"),
    run: (input, call) => {
      const layer = find(input, call);
      const { StatementId = "", Action = "", Principal = "", OrganizationId } = input;
      if (layer.policy.some(({ Sid }) => Sid === StatementId))
        throw conflict(
          `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      const statement = {
        Sid: StatementId,
        Effect: "Allow",
        Principal:
          Principal === "*"
            ? "*"
            : { AWS: /^\d{12}$/.test(Principal) ? `arn:aws:iam::${Principal}:root` : Principal },
        Action,
        Resource: layer.arn,
        ...(OrganizationId !== undefined && {
          Condition: { StringEquals: { "aws:PrincipalOrgID": OrganizationId } },
        }),
      };
      call.state.layers.set(`${layer.layer}:${layer.version}`, {
        ...layer,
        policy: [...layer.policy, statement],
      });
      return { Statement: JSON.stringify(statement) };
    },
  };
