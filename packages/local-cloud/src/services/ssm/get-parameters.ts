/** These operations read one parameter, several by name, all below a path, or the history of one. */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { type Filter, fits, readFilters } from "./filters.ts";
import { isArn, locationOf, storedParameter } from "./names.ts";
import { type Op, onParameter, parameterArn, type SsmCall } from "./operation.ts";
import { isPublic, publicParameters } from "./public-parameters.ts";
import { isSecretReference, readSecret } from "./secret-reference.ts";
import { decrypt } from "./secure-value.ts";
import type { Parameter, ParameterVersion } from "./state.ts";

/** The largest pages (Systems Manager API Reference, GetParametersByPath and GetParameterHistory). */
const MAX_BY_PATH = 10;
const MAX_HISTORY = 50;

type Found = { readonly parameter: Parameter; readonly version: ParameterVersion };

/** Throws ParameterNotFound or ParameterVersionNotFound. */
function find(call: SsmCall, reference: string): Found {
  const { name, account, region, selector } = locationOf(reference, call);
  const parameter = isPublic(name)
    ? publicParameters(region).find((each) => each.name === name)
    : storedParameter(call.stateOf(account, region), name);
  if (parameter === undefined) throw new AwsError("ParameterNotFound", "");
  const version =
    selector === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find(
          (each) => String(each.version) === selector || each.labels.includes(selector),
        );
  if (version === undefined) {
    throw new AwsError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
    );
  }
  return { parameter, version };
}

async function view(
  call: SsmCall,
  reference: string,
  { parameter, version }: Found,
  withDecryption: boolean | undefined,
) {
  const location = locationOf(reference, call);
  return {
    // The answer has the name as the request spells it (docs/aws-assumptions.md).
    Name: isArn(reference) ? parameter.name : location.name,
    Type: version.type,
    Value:
      version.type === "SecureString" && withDecryption
        ? await decrypt(call, location, version)
        : version.value,
    Version: version.version,
    ...(location.selector !== undefined && { Selector: `:${location.selector}` }),
    LastModifiedDate: version.modified,
    ARN: parameterArn(parameter.name, location),
    DataType: version.dataType,
  };
}

const read = (call: SsmCall, name: string, withDecryption: boolean | undefined) =>
  isSecretReference(name)
    ? readSecret(call, name, withDecryption)
    : view(call, name, find(call, name), withDecryption);

export const getParameter: Op<"GetParameter"> = {
  access: ({ Name }, call) => onParameter("GetParameter", Name, call),
  run: async ({ Name = "", WithDecryption }, call) => ({
    Parameter: await read(call, Name, WithDecryption),
  }),
};

export const getParameters: Op<"GetParameters"> = {
  access: ({ Names }, call) => (Names ?? []).map((name) => onParameter("GetParameters", name, call)),
  run: async ({ Names = [], WithDecryption }, call) => {
    const Parameters: Awaited<ReturnType<typeof read>>[] = [];
    const InvalidParameters: string[] = [];
    for (const name of new Set(Names)) {
      try {
        Parameters.push(await read(call, name, WithDecryption));
      } catch (error) {
        if (!isAwsError(error, "ParameterNotFound", "ParameterVersionNotFound")) throw error;
        InvalidParameters.push(name);
      }
    }
    return { Parameters, InvalidParameters };
  },
};

/** The token is the name of the last item on the page. */
function page<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  token: string | undefined,
  size: number,
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const rest =
    after === undefined ? items : items.slice(items.findIndex((item) => nameOf(item) === after) + 1);
  const taken = rest.slice(0, size);
  const last = taken.at(-1);
  return {
    items: taken,
    next:
      rest.length > size && last !== undefined ? Buffer.from(nameOf(last)).toString("base64url") : undefined,
  };
}

export const getParametersByPath: Op<"GetParametersByPath"> = {
  access: ({ Path }, call) =>
    onParameter("GetParametersByPath", Path === "/" ? "/" : Path?.replace(/\/$/, ""), call),
  run: async (
    { Path = "/", Recursive, WithDecryption, MaxResults = MAX_BY_PATH, NextToken, ParameterFilters },
    call,
  ) => {
    if (!Path.startsWith("/"))
      throw new AwsError(
        "ValidationException",
        `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive).`,
      );
    const prefix = Path.endsWith("/") ? Path : `${Path}/`;
    const filters = readFilters(ParameterFilters ?? [], "path");
    const all = isPublic(prefix) ? publicParameters(call.region) : call.state.parameters.values();
    const below = [...all]
      .filter(
        ({ name }) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes("/")),
      )
      .filter((parameter) => filters.every((filter) => fits(parameter, filter)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(below, ({ name }) => name, NextToken, MaxResults);
    const Parameters = await Promise.all(
      items.map(({ name }) => view(call, name, find(call, name), WithDecryption)),
    );
    return { Parameters, ...(next !== undefined && { NextToken: next }) };
  },
};

const metadata = (parameter: Parameter, version: ParameterVersion, call: SsmCall) => ({
  Name: parameter.name,
  ARN: parameterArn(parameter.name, call),
  Type: version.type,
  KeyId: version.keyId,
  LastModifiedDate: version.modified,
  LastModifiedUser: version.modifiedBy,
  Description: version.description,
  AllowedPattern: version.allowedPattern,
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});

export const describeParameters: Op<"DescribeParameters"> = {
  access: (_input, call) => ({
    action: "ssm:DescribeParameters",
    resource: `arn:aws:ssm:${call.region}:${call.account}:*`,
  }),
  run: ({ ParameterFilters, Filters, MaxResults = 50, NextToken }, call) => {
    const filters: readonly Filter[] = [
      ...readFilters(ParameterFilters ?? [], "all"),
      ...(Filters ?? []).map(({ Key, Values }) => ({ Key, Values })),
    ];
    const all = [...call.state.parameters.values()]
      .filter((parameter) => filters.every((filter) => fits(parameter, filter)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(all, ({ name }) => name, NextToken, MaxResults);
    return {
      Parameters: items.flatMap((parameter) => {
        const last = parameter.versions.at(-1);
        return last === undefined ? [] : [metadata(parameter, last, call)];
      }),
      ...(next !== undefined && { NextToken: next }),
    };
  },
};

export const getParameterHistory: Op<"GetParameterHistory"> = {
  access: ({ Name }, call) => onParameter("GetParameterHistory", Name, call),
  run: async ({ Name = "", WithDecryption, MaxResults = MAX_HISTORY, NextToken }, call) => {
    const { parameter } = find(call, Name);
    const { items, next } = page(parameter.versions, ({ version }) => String(version), NextToken, MaxResults);
    const location = { name: parameter.name, account: call.account, region: call.region };
    const Parameters = await Promise.all(
      items.map(async (version) => ({
        ...metadata(parameter, version, call),
        Value:
          version.type === "SecureString" && WithDecryption
            ? await decrypt(call, location, version)
            : version.value,
        Labels: [...version.labels],
      })),
    );
    return { Parameters, ...(next !== undefined && { NextToken: next }) };
  },
};
