/** Tests the checks of settings that decide about access: `kedge access` has to notice each change of them. */
import { isObject, type Json, type JsonObject } from "@kedge/local-cloud/cloudformation/json";
import { beforeAll, expect, it } from "vitest";
import type { DeployedEstate } from "#access/deployed-estate.ts";
import { openSettings, settings } from "#access/settings.ts";
import { smallEstate } from "./estate.ts";

let estate: DeployedEstate;
beforeAll(async () => {
  ({ estate } = await smallEstate(""));
});

/** The properties with the value at the path, in the first item of each list on it. */
function withValue(value: Json | undefined, path: readonly string[], to: Json | undefined): Json {
  const [step = "", ...rest] = path;
  if (step === "*")
    return [withValue(Array.isArray(value) ? (value as readonly Json[])[0] : undefined, rest, to)];
  const members: JsonObject = isObject(value) ? value : {};
  const { [step]: inner, ...others } = members;
  if (rest.length > 0) return { ...others, [step]: withValue(inner, rest, to) };
  return to === undefined ? others : { ...others, [step]: to };
}

const otherValues: readonly (Json | undefined)[] = [
  undefined,
  false,
  true,
  "NONE",
  "",
  "PUBLIC_READ",
  "Suspended",
  "ObjectWriter",
];

it("has every setting closed", () => {
  expect(openSettings(estate)).toEqual([]);
});

it("notices every value of a setting that its table does not allow, in every resource", () => {
  let noticed = 0;
  let allowed = 0;
  for (const { type, path, holds } of settings)
    for (const resource of estate.resources.filter((each) => each.type === type))
      for (const to of otherValues) {
        const properties = withValue(resource.properties, path.split("."), to) as JsonObject;
        const says = openSettings({ ...estate, resources: [{ ...resource, properties }], templates: [] });
        expect(says.length, `${resource.logicalId} ${path} ${String(to)}`).toBe(holds(to) ? 0 : 1);
        if (holds(to)) allowed += 1;
        else noticed += 1;
      }
  process.stdout.write(`settings: ${noticed} changes noticed, ${allowed} changed nothing\n`);
  expect(noticed).toBeGreaterThan(300);
});

/** Properties whose names sound like access, and that decide nothing about it. */
const harmless: Readonly<Record<string, string>> = {
  "AWS::SQS::Queue VisibilityTimeout": "it is a time",
  "AWS::CodeBuild::Project EncryptionKey": "CodePipeline gives each build the key of its artifacts",
  "AWS::S3::Bucket BucketEncryption": "the algorithm below it is checked",
  "AWS::S3::Bucket PublicAccessBlockConfiguration": "each of its members is checked",
  "AWS::S3::Bucket VersioningConfiguration": "its status is checked",
  "AWS::S3::Bucket OwnershipControls": "its rules are checked",
  "AWS::S3::Bucket BucketEncryption.ServerSideEncryptionConfiguration": "the algorithm below it is checked",
  "AWS::S3::Bucket BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault":
    "the algorithm in it is checked",
  "AWS::S3::Bucket BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID":
    "the bucket's and the key's own policies decide",
};

it("knows every property of the templates whose name is about access", () => {
  const telling = /public|encrypt|kms|sse|visibility|privileged|ownership|versioning|rotation|authtype/i;
  const known = new Set(settings.map(({ type, path }) => `${type} ${path}`));
  const found = new Set<string>();
  const visit = (type: string, value: Json, path: string): void => {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) visit(type, item, `${path}.*`);
    else if (isObject(value))
      for (const [name, inner] of Object.entries(value)) {
        const below = path === "" ? name : `${path}.${name}`;
        if (telling.test(name) && !/Policy|Statement/.test(below)) found.add(`${type} ${below}`);
        visit(type, inner, below);
      }
  };
  for (const { type, properties } of estate.resources) visit(type, properties, "");
  const unknown = [...found].filter((each) => !known.has(each) && harmless[each] === undefined);
  expect(unknown).toEqual([]);
});

it("notices each parameter of a policy that takes a wildcard", () => {
  let noticed = 0;
  let elsewhere = 0;
  for (const { stack, template } of estate.templates)
    for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
      if (parameter.AllowedPattern === undefined) continue;
      const { AllowedPattern: _, ...open } = parameter;
      const changed = { ...template, Parameters: { ...template.Parameters, [name]: open } };
      const says = openSettings({ ...estate, resources: [], templates: [{ stack, template: changed }] });
      if (says.length > 0) noticed += 1;
      else elsewhere += 1;
    }
  process.stdout.write(`parameters: ${noticed} without a pattern noticed, ${elsewhere} stand in no policy\n`);
  expect(noticed).toBeGreaterThan(10);
});

it.each(["AWS::Lambda::Url", "AWS::IAM::User", "AWS::IAM::AccessKey"])(
  "refuses a resource of the type %s",
  (type) => {
    const [first] = estate.resources;
    const more = first === undefined ? [] : [{ ...first, type, properties: {} }];
    expect(openSettings({ ...estate, resources: more, templates: [] })).toHaveLength(1);
  },
);
