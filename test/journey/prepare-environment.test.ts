/**
 * Tests the prepare action: it rejects parameters that do not fit, removes failed stacks, and adds the origin
 * to the stack's tags and outputs.
 */
import { describe, expect, it } from "vitest";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { errorOf } from "#test/release/samples.ts";
import type { ArtifactFiles } from "#test/support/artifact.ts";
import { dev, job, type PipelineFixture, pipelineFixture } from "./pipeline-fixture.ts";

const template = (Parameters: object) =>
  JSON.stringify({ Parameters, Resources: { T: { Type: "AWS::SNS::Topic" } } });
const files = (values: object, parameters: object = { Size: { Type: "String" } }): ArtifactFiles => ({
  "template.yaml": template(parameters),
  "parameters/dev.json": JSON.stringify(values),
});

async function packagedFixture(artifact: ArtifactFiles = files({ Size: "1" })): Promise<PipelineFixture> {
  const deps = await pipelineFixture(artifact);
  await packageArtifact(deps, job("Release", "Packaged"));
  return deps;
}

const stack = "kedge-app-dev-shop";
const prepare = (deps: PipelineFixture, continuation?: string) =>
  prepareEnvironment(
    deps,
    job("Packaged", "Prepared_dev", continuation === undefined ? {} : { continuation }),
  );

describe("parameters", () => {
  it("writes parameters as CloudFormation's template configuration, with the line in the tags", async () => {
    const deps = await packagedFixture(
      files({ Parameters: { Size: "1" }, Tags: { team: "x", "kedge:app": "fake" } }),
    );
    expect(await prepare(deps)).toEqual({ type: "done", outputs: { Secrets: "none" } });
    const { "config.json": config = "" } = await deps.written("Prepared_dev");
    expect(JSON.parse(config)).toEqual({
      Parameters: { Size: "1" },
      Tags: { team: "x", "kedge:account": "111111111111", "kedge:app": "shop", "kedge:branch": "main" },
    });
  });

  it.each([
    ["missing", {}, "ParametersMissing"],
    ["unknown", { Size: "1", Colour: "red" }, "ParametersUnknown"],
  ])("parameters that are %s are rejected with their name, environment and file", async (_, values, code) => {
    const error = await errorOf(async () => prepare(await packagedFixture(files(values))));
    expect(error?.code).toBe(code);
    for (const word of ["dev", "parameters/dev.json", code === "ParametersMissing" ? "Size" : "Colour"])
      expect(error?.message).toContain(word);
  });

  it("takes values of the target account, and names the values that the account does not have", async () => {
    const deps = await packagedFixture(files({ Size: "a-${ssm:/shared/vpc}-b" }));
    const error = await errorOf(() => prepare(deps));
    expect(error?.code).toBe("SettingMissing");
    for (const word of ["/shared/vpc", dev.account, dev.region]) expect(error?.message).toContain(word);
    deps.known.set("/shared/vpc", "vpc-1");
    await prepare(deps);
    const { "config.json": config = "" } = await deps.written("Prepared_dev");
    expect(JSON.parse(config)).toMatchObject({ Parameters: { Size: "a-vpc-1-b" } });
  });
});

describe("names", () => {
  const line = { account: "111111111111", app: "shop", branch: "main" };
  const short = stackName("dev", line);
  const prepareShort = (deps: PipelineFixture) =>
    prepareEnvironment(deps, job("Packaged", "Prepared_dev", { stack: short }));

  it("refuses a stack whose tags name another line", async () => {
    const deps = await packagedFixture();
    const theirs = { "kedge:account": "121212121212", "kedge:app": "shop", "kedge:branch": "main" };
    deps.applications.set(dev, short, { tags: theirs });
    const error = await errorOf(() => prepareShort(deps));
    expect([error?.code, error?.message]).toEqual([
      "NameTaken",
      `The stack ${short} in account ${dev.account} belongs to 121212121212/shop/main.`,
    ]);
  });

  it("refuses to make a second stack for a line that has one under its long name", async () => {
    const deps = await packagedFixture();
    deps.applications.set(dev, longStackName("dev", line), {});
    expect((await errorOf(() => prepareShort(deps)))?.code).toBe("StackHasLongName");
    deps.applications.set(dev, short, {});
    expect(await prepareShort(deps)).toMatchObject({ type: "done" });
  });
});

describe("words of AWS about a release", () => {
  const topic = { T: { Type: "AWS::SNS::Topic" } };
  const password = "{{resolve:secretsmanager:db:SecretString:password}}";
  const database = { D: { Type: "AWS::RDS::DBInstance", Properties: { MasterUserPassword: password } } };
  const nested = { N: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "x" } } };

  it.each([
    ["none", "has no secret", topic],
    ["used", "has a secret that this release removes", database],
    ["used", "nests a template, which is not read", nested],
  ])("says %s when the template before it %s", async (secrets, _, Resources) => {
    const deps = await packagedFixture({ "template.yaml": JSON.stringify({ Resources: topic }) });
    deps.changeSets.swap(dev, {
      ...{
        stack,
        name: "before",
        template: { body: JSON.stringify({ Resources }) },
        exists: false,
        nested: false,
      },
      ...{ parameters: {}, tags: {}, capabilities: [] },
    });
    await deps.changeSets.execute(dev, [...deps.changeSets.sets.keys()][0] ?? "", "token");
    expect(await prepare(deps)).toEqual({ type: "done", outputs: { Secrets: secrets } });
  });
});

describe("references", () => {
  const lambda = JSON.stringify({
    Parameters: { Key: { Type: "String" }, Note: { Type: "String", Default: "" } },
    Resources: {
      F: {
        Type: "AWS::Lambda::Function",
        Properties: { Environment: { Variables: { KEY: { Ref: "Key" } } } },
      },
      D: {
        Type: "AWS::RDS::DBInstance",
        Properties: { MasterUserPassword: { Ref: "Note" }, PubliclyAccessible: false },
      },
    },
    Outputs: { Url: { Value: "https://x" } },
  });
  const prepared = async (
    values: object,
    arrange: (deps: PipelineFixture) => void = () => undefined,
    more: ArtifactFiles = {},
  ) => {
    const deps = await packagedFixture({
      "template.yaml": lambda,
      "parameters/dev.json": JSON.stringify(values),
      ...more,
    });
    arrange(deps);
    await prepare(deps);
    const { "config.json": config = "", "template.json": document = "" } = await deps.written("Prepared_dev");
    return { config: JSON.parse(config), document };
  };

  it("resolves facts, versions and escapes in files, traits and tags alike", async () => {
    const { config } = await prepared(
      { Key: "${env}/${account}/${region}/${branch}/${app}" },
      (deps) => deps.known.set("/size:3", "3"),
      { ".traits/deployment.yml": "parameters: { Note: '$${x}-${ssm:/size:3}' }\ntags: { at: '${env}' }\n" },
    );
    expect(config.Parameters).toEqual({ Key: "dev/222222222222/us-east-1/main/shop", Note: "${x}-3" });
    expect(config.Tags).toMatchObject({ at: "dev" });
  });

  it("prefers values of traits over those of files, and those of an environment over those of all", async () => {
    const { config } = await prepared({ Key: "file", Note: "file" }, undefined, {
      ".traits/deployment.yml":
        "parameters: { Note: all }\nenvironments: { dev: { parameters: { Note: dev } } }\n",
    });
    expect(config.Parameters).toEqual({ Key: "file", Note: "dev" });
  });

  it("writes references to secrets where the template wants them, and nowhere else", async () => {
    const { config, document } = await prepared(
      { Key: "${secret:shop/api}", Note: "${ssm:/shop/db}" },
      (deps) => {
        deps.secrets.add("shop/api");
        deps.secure.set("/shop/db", 7);
      },
    );
    expect(config.Parameters).toEqual({});
    expect(JSON.parse(document).Resources).toMatchObject({
      F: { Properties: { Environment: { Variables: { KEY: "{{resolve:secretsmanager:shop/api}}" } } } },
      D: { Properties: { MasterUserPassword: "{{resolve:ssm-secure:/shop/db:7}}" } },
    });
  });

  it("rejects a SecureString where CloudFormation takes none, and names the place in the template", async () => {
    const error = await errorOf(() => prepared({ Key: "${ssm:/db}" }, (deps) => deps.secure.set("/db", 7)));
    expect(error?.code).toBe("SecretMisplaced");
    expect(error?.message).toContain("Resources.F.Properties.Environment.Variables.KEY");
  });

  it("rejects secrets in tags, which are no secret store", async () => {
    const traits = { ".traits/deployment.yml": "tags: { key: '${secret:shop/api}' }\n" };
    const error = await errorOf(() => prepared({ Key: "x" }, (deps) => deps.secrets.add("shop/api"), traits));
    expect(error?.code).toBe("SecretMisplaced");
  });

  it("names all missing parameters and secrets at once", async () => {
    const traits = {
      ".traits/build.yml": "settings: {}\n",
      ".traits/deployment.yml": "tags: { t: '${ssm:/c}' }\n",
    };
    const error = await errorOf(() => prepared({ Key: "${ssm:/a} ${secret:shop/b}" }, undefined, traits));
    expect(error?.message).toBe(
      "In account 222222222222, us-east-1 (dev): The parameter store has no /a, /c. Secrets Manager has no shop/b.",
    );
  });

  it("rejects a reference to the tenant when there is none", async () => {
    expect((await errorOf(() => prepared({ Key: "${tenant}" })))?.code).toBe("SettingMissing");
  });

  it("rejects a reference of an unknown form with file and parameter", async () => {
    const error = await errorOf(() => prepared({ Key: "${AWS::Region}" }));
    expect([error?.code, error?.message]).toEqual([
      "ParametersMalformed",
      expect.stringContaining(
        "parameters/dev.json gives Key a value that cannot be resolved: ${AWS::Region}",
      ),
    ]);
  });

  it("resolves references in published paths, and publishes by a resource of the stack", async () => {
    const { document } = await prepared({ Key: "x" }, undefined, {
      ".traits/deployment.yml": 'publish: { "/shop/${env}/url": Url }\n',
    });
    expect(Object.values(JSON.parse(document).Resources)).toContainEqual(
      expect.objectContaining({
        Type: "AWS::SSM::Parameter",
        Properties: expect.objectContaining({ Name: "/shop/dev/url" }),
      }),
    );
  });
});

describe("the prepared template", () => {
  it("has version and digest among its outputs, so that no resource changes with them", async () => {
    const deps = await packagedFixture();
    await prepare(deps);
    const prepared = JSON.parse((await deps.written("Prepared_dev"))["template.json"] ?? "") as {
      Outputs: Record<string, { Value: string }>;
    };
    expect(prepared.Outputs["KedgeVersion"]?.Value).toBe(deps.release.artifact.versionId);
    expect(prepared.Outputs["KedgeDigest"]?.Value).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has Kedge's version and digest in place of outputs of these names", async () => {
    const forged = {
      Resources: { Q: { Type: "AWS::SQS::Queue" } },
      Outputs: { KedgeVersion: { Value: "FORGED" }, KedgeDigest: { Value: "FORGED" }, Own: { Value: "1" } },
    };
    const deps = await packagedFixture({ "template.yaml": JSON.stringify(forged) });
    await prepare(deps);
    const { "template.json": prepared = "" } = await deps.written("Prepared_dev");
    expect(prepared).not.toContain("FORGED");
    expect(JSON.parse(prepared).Outputs).toMatchObject({
      Own: { Value: "1" },
      KedgeVersion: { Value: deps.release.artifact.versionId },
    });
  });
});

describe("a stack that exists before the release", () => {
  it.each(["ROLLBACK_COMPLETE", "CREATE_FAILED"])(
    "is removed when it was never created completely (%s), and no invocation waits for that",
    async (status) => {
      const deps = await packagedFixture();
      deps.applications.set(dev, stack, { status });
      expect(await prepare(deps)).toEqual({ type: "later", continuation: `removing ${stack}` });
      expect(await prepare(deps, `removing ${stack}`)).toEqual({
        type: "later",
        continuation: `removing ${stack}`,
      });
      deps.applications.settleOne();
      expect(await prepare(deps, `removing ${stack}`)).toEqual({
        type: "done",
        outputs: { Secrets: "none" },
      });
      expect(deps.applications.removals).toHaveLength(1);
    },
  );

  it.each(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])(
    "stays as it is when it was created (%s)",
    async (status) => {
      const deps = await packagedFixture();
      deps.applications.set(dev, stack, { status });
      expect(await prepare(deps)).toEqual({ type: "done", outputs: { Secrets: "none" } });
      expect(deps.applications.removals).toEqual([]);
    },
  );

  it("stays as it is when it holds only a change set, because that may belong to the next action and the event may be a repeated one", async () => {
    const deps = await packagedFixture();
    deps.applications.set(dev, stack, { status: "REVIEW_IN_PROGRESS" });
    expect(await prepare(deps)).toEqual({ type: "done", outputs: { Secrets: "none" } });
    expect(deps.applications.removals).toEqual([]);
  });

  it("is waited for while it is at work", async () => {
    const deps = await packagedFixture();
    deps.applications.set(dev, stack, { status: "UPDATE_IN_PROGRESS" });
    expect(await prepare(deps)).toEqual({ type: "later", continuation: "waiting" });
  });

  it("is never deleted when its rollback failed: an operator has to repair it", async () => {
    const deps = await packagedFixture();
    deps.applications.set(dev, stack, {
      status: "UPDATE_ROLLBACK_FAILED",
      failure: "Role UPDATE_FAILED: Role x is gone",
    });
    const error = await errorOf(() => prepare(deps));
    expect(error?.code).toBe("DeploymentFailed");
    expect(error?.message).toContain(
      `is UPDATE_ROLLBACK_FAILED: Role UPDATE_FAILED. The reason is in the events`,
    );
    expect(error?.message).not.toContain("Role x is gone");
    expect(deps.applications.removals).toEqual([]);
  });

  it("fails the action with the kind of reason when it cannot be removed", async () => {
    const deps = await packagedFixture();
    deps.applications.set(dev, stack, {
      status: "ROLLBACK_COMPLETE",
      undeletable: "Bucket DELETE_FAILED: The bucket x is not empty",
    });
    await prepare(deps);
    deps.applications.settleOne();
    expect((await errorOf(() => prepare(deps, `removing ${stack}`)))?.message).toContain(
      "Bucket DELETE_FAILED: it is not empty.",
    );
  });
});

describe("assets", () => {
  const code = (Code: string) => ({
    Type: "AWS::Lambda::Function",
    Properties: { Code, Handler: "index.handler", Runtime: "nodejs24.x", Role: "arn" },
  });
  const withAssets: ArtifactFiles = {
    "template.yaml": JSON.stringify({
      Resources: {
        A: code("a"),
        Again: code("a"),
        Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "inner.json" } },
        Schema: {
          Type: "AWS::AppSync::GraphQLSchema",
          Properties: { ApiId: "x", DefinitionS3Location: "s" },
        },
      },
    }),
    "inner.json": JSON.stringify({ Resources: { B: code("b") } }),
    "a/index.js": "exports.a = 1",
    "b/index.js": "exports.b = 1",
    s: "type Query { a: Int }",
  };
  type Location = { readonly S3Key: string; readonly S3ObjectVersion: string };
  const recordsOf = async (deps: PipelineFixture) =>
    JSON.parse((await deps.written("Packaged"))["parts.json"] ?? "") as readonly {
      readonly pinned: boolean;
      readonly regions: Readonly<Record<string, { readonly key: string; readonly versionId: string }>>;
    }[];

  it("compares each asset with one call, and deploys the version that was packaged", async () => {
    const deps = await packagedFixture(withAssets);
    const before = deps.assets.asked();
    await prepare(deps);
    expect(deps.assets.asked() - before).toBe(4);
    const { "template.json": document = "" } = await deps.written("Prepared_dev");
    const { S3Key, S3ObjectVersion }: Location = JSON.parse(document).Resources.A.Properties.Code;
    const records = await recordsOf(deps);
    expect(records.map(({ regions }) => regions["us-east-1"])).toContainEqual(
      expect.objectContaining({ key: S3Key, versionId: S3ObjectVersion }),
    );
  });

  it("still deploys the packaged version of an asset whose key was overwritten", async () => {
    const deps = await packagedFixture(withAssets);
    for (const { pinned, regions } of await recordsOf(deps))
      if (pinned) deps.assets.overwrite(regions["us-east-1"]?.key ?? "", Buffer.from("EVIL"));
    expect(await prepare(deps)).toMatchObject({ type: "done" });
  });

  it("refuses an overwritten asset that a template names without its version, before anything changes", async () => {
    const deps = await packagedFixture(withAssets);
    deps.applications.set(dev, stack, { status: "ROLLBACK_COMPLETE" });
    const loose = (await recordsOf(deps)).filter(({ pinned }) => !pinned);
    expect(loose).toHaveLength(1);
    deps.assets.overwrite(loose[0]?.regions["us-east-1"]?.key ?? "", Buffer.from("EVIL"));
    expect((await errorOf(() => prepare(deps)))?.code).toBe("AssetAltered");
    expect(deps.applications.removals).toEqual([]);
    expect(deps.jobArtifacts.objects.has("Prepared_dev")).toBe(false);
  });

  it("refuses an asset whose packaged version is gone", async () => {
    const deps = await packagedFixture(withAssets);
    const absent = { ...deps.assets, version: async () => undefined };
    const error = await errorOf(() =>
      prepareEnvironment({ ...deps, assets: absent }, job("Packaged", "Prepared_dev")),
    );
    expect(error?.code).toBe("AssetAltered");
    expect(error?.message).toContain("is not there");
  });

  it("refuses documents that name assets without a record of them", async () => {
    const deps = await packagedFixture(withAssets);
    const { "parts.json": _, ...others } = await deps.written("Packaged");
    deps.jobArtifacts.objects.set(
      "Packaged",
      writeZip(Object.entries(others).map(([name, content]) => ({ name, content }))),
    );
    expect((await errorOf(() => prepare(deps)))?.code).toBe("ReleaseDocumentMalformed");
  });
});
