/**
 * These operations create, update, list and delete aliases. An alias names a key of its own account and
 * region.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { customerKey, findKey, notFound, notPending } from "./find-key.ts";
import { keyAccess } from "./key-access.ts";
import { page } from "./paging.ts";
import type { Alias, KmsCall, KmsOperation } from "./state.ts";

const arnOf = (name: string, { region, account }: KmsCall): string =>
  `arn:aws:kms:${region}:${account}:${name}`;

/**
 * IAM checks the action on the alias and the same action on the key. (KMS Developer Guide, "Controlling
 * access to aliases")
 */
const access = (action: string, alias: string | undefined, keyId: string | undefined, call: KmsCall) => [
  { action: `kms:${action}`, resource: arnOf(alias ?? "", call) },
  ...(keyId === undefined ? [] : [keyAccess(findKey(keyId, call), action, { KeyId: keyId }, call)]),
];

const existing = (name: string | undefined, call: KmsCall): Alias => {
  const alias = call.state.aliases.get(name ?? "");
  if (alias === undefined) throw notFound(`Alias ${arnOf(name ?? "", call)} is not found.`);
  return alias;
};

function checkName(name: string): void {
  if (!name.startsWith("alias/"))
    throw new AwsError(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name))
    throw new AwsError(
      "InvalidAliasNameException",
      `Alias contains invalid characters. Alias must consist of alphanumeric characters, forward slashes, underscores and dashes: ${name}`,
    );
  if (name.startsWith("alias/aws/"))
    throw new AwsError(
      "NotAuthorizedException",
      "You cannot create an alias whose name begins with alias/aws/.",
    );
}

export const createAlias: KmsOperation<"CreateAlias"> = {
  access: (input, call) => access("CreateAlias", input.AliasName, input.TargetKeyId, call),
  run: (input, call) => {
    const name = input.AliasName ?? "";
    checkName(name);
    if (call.state.aliases.has(name))
      throw new AwsError(
        "AlreadyExistsException",
        `An alias with the name ${arnOf(name, call)} already exists`,
      );
    const key = notPending(customerKey(input.TargetKeyId, call, "CreateAlias"));
    const now = call.clock.now();
    call.state.aliases.set(name, { name, keyId: key.id, createdAt: now, updatedAt: now });
    return {};
  },
};

export const updateAlias: KmsOperation<"UpdateAlias"> = {
  access: (input, call) => [
    ...access("UpdateAlias", input.AliasName, existing(input.AliasName, call).keyId, call),
    ...access("UpdateAlias", input.AliasName, input.TargetKeyId, call).slice(1),
  ],
  run: (input, call) => {
    const alias = existing(input.AliasName, call);
    const key = notPending(customerKey(input.TargetKeyId, call, "UpdateAlias"));
    call.state.aliases.set(alias.name, { ...alias, keyId: key.id, updatedAt: call.clock.now() });
    return {};
  },
};

export const deleteAlias: KmsOperation<"DeleteAlias"> = {
  access: (input, call) =>
    access("DeleteAlias", input.AliasName, existing(input.AliasName, call).keyId, call),
  run: (input, call) => {
    call.state.aliases.delete(existing(input.AliasName, call).name);
    return {};
  },
};

export const listAliases: KmsOperation<"ListAliases"> = {
  access: () => ({ action: "kms:ListAliases", resource: "*" }),
  run: (input, call) => {
    const wanted = input.KeyId === undefined ? undefined : findKey(input.KeyId, call).id;
    const aliases = [...call.state.aliases.values()].filter(({ keyId }) => keyId === (wanted ?? keyId));
    const { items, ...paging } = page(aliases, ({ name }) => name, input);
    return {
      Aliases: items.map(({ name, keyId, createdAt, updatedAt }) => ({
        AliasName: name,
        AliasArn: arnOf(name, call),
        TargetKeyId: keyId,
        CreationDate: createdAt,
        LastUpdatedDate: updatedAt,
      })),
      ...paging,
    };
  },
};
