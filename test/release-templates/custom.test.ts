/** Who is handed an artifact, what the handler is told, and how it hears of the end. */
import { describe, expect, it } from "vitest";
import { resourcesOf } from "#release/document/template-document.ts";
import type { Plan } from "#release/plan/plan.ts";
import { checkPlan } from "#release/plan/plan-limits.ts";
import type { Target } from "#release/traits/targets.ts";
import { noTraits } from "#release/traits/traits.ts";
import { custom } from "#templates/custom/template.ts";
import { errorOf, manifest, samRef, shop, target } from "#test/release/samples.ts";
import { exampleFiles, expectPlan, goldenCases, inspectFiles, planOf } from "#test/support/golden.ts";

const allowed = { projects: ["mainframe-build"], functions: ["mainframe"] };
const where = (environment: string, account: string, approval = false) => ({
  ...target(environment, account, approval),
  handlers: allowed,
});
const targets = [
  where("dev", "222222222222"),
  where("qa", "333333333333"),
  where("prod", "444444444444", true),
];
const [dev] = targets as [(typeof targets)[0]];

const asking = (settings: Readonly<Record<string, string>>) => ({
  ...manifest,
  entry: "",
  smoke: { kind: "none" } as const,
  traits: {
    ...noTraits,
    settings,
    byEnvironment: { prod: { ...noTraits.everywhere, settings: { project: "mainframe-build" } } },
  },
});

const planFor = (asked: typeof manifest, reached: readonly Target[]): Plan =>
  checkPlan(
    custom.plan({
      line: shop,
      manifest: asked,
      targets: reached,
      settings: { region: "us-east-1", cacheBucket: "kedge-cache-111111111111-us-east-1" },
      template: samRef,
    }),
  );

describe("the plan", () => {
  it.each(goldenCases)(
    "equals the golden plan of the sample for $name",
    async ({ name, line, targets: reached }) => {
      const handlers = { projects: ["kedge-handler-letters"], functions: ["kedge-handler-letters"] };
      const inspection = await inspectFiles(exampleFiles("letters-custom"));
      const allowing = reached.map((each) => ({ ...each, handlers }));
      await expectPlan(planOf(inspection, line, allowing), `../release-templates/golden/custom.${name}.json`);
    },
  );

  it("runs a project with variables that say where the artifact is", () => {
    const plan = planFor(asking({}), targets.slice(2));
    expect(plan.stages.at(-1)?.actions.find(({ name }) => name === "Handler")).toMatchObject({
      type: "build",
      project: "mainframe-build",
      inputs: ["Prepared_prod"],
      variables: {
        KEDGE_ACTION: "deploy",
        KEDGE_BUCKET: "kedge-cache-111111111111-us-east-1",
        KEDGE_KEY: "parts/#{package.Digest}.zip",
        KEDGE_BRANCH: "#{prod-prepared.Branch}",
        KEDGE_ACCOUNT: "444444444444",
      },
    });
  });
});

describe("a handler", () => {
  const rejection = (settings: Readonly<Record<string, string>>, reached = [dev]) =>
    errorOf(() => planFor(asking(settings), reached));

  it.each([
    [{}, "neither a project nor a function"],
    [{ project: "a", function: "b" }, "both a project and a function"],
    [{ project: "mainframe" }, "the project mainframe, which is not allowed there"],
    [{ function: "mainframe-build" }, "the function mainframe-build, which is not allowed there"],
  ])("rejects %j, and names the allowed handlers", async (settings, words) => {
    const error = await rejection(settings);
    expect(error?.code).toBe("HandlerNotAllowed");
    expect(error?.message).toContain(words);
    expect(error?.message).toContain(
      "the estate allows the project mainframe-build, the function mainframe.",
    );
  });

  it("rejects the artifact when the estate allows no handler", async () => {
    const error = await rejection({ function: "mainframe" }, [target("dev", "222222222222") as typeof dev]);
    expect(error?.message).toContain("In dev the estate allows nothing.");
  });
});

describe("an environment", () => {
  const digest = "0".repeat(64);
  const configure = (settings: Readonly<Record<string, string>>) =>
    custom.configure?.({
      release: {
        schema: 1,
        line: shop,
        artifact: { bucket: "b", key: "k", versionId: "v1", size: 1, etag: "e" },
        template: samRef,
        manifest: asking(settings),
        targets,
        provided: {},
      },
      target: dev,
      parameters: { values: {}, tags: {} },
      settings,
      stacks: [
        {
          id: "",
          level: 0,
          path: "handler.template.json",
          document: { Resources: { Place: { Type: "x", Metadata: { Bucket: "the-cache" } } } },
        },
      ],
      outputs: {},
      digest,
      assetVersions: { [key]: "object-1" },
    });
  const key = `parts/${digest}.zip`;
  const handed = {
    ...{ action: "deploy", bucket: "the-cache", key, objectVersion: "object-1" },
    ...{ digest, version: "v1" },
  };

  it("gives a function the artifact's location and the release's facts", () => {
    const files = configure({ function: "mainframe" })?.files ?? {};
    expect(JSON.parse(files["handed.json"] ?? "")).toEqual({
      ...handed,
      ...{ app: "shop", branch: "main", environment: "dev", account: "222222222222", region: "us-east-1" },
    });
  });

  it.each([{ function: "mainframe" }, { project: "mainframe-build" }])(
    "gets a stack that calls %j once more at its deletion, as a role of the application",
    (settings) => {
      const document = configure(settings)?.documents?.[""] ?? {};
      const byType = Object.fromEntries(
        resourcesOf(document).map(({ type, properties }) => [type, properties]),
      );
      expect(JSON.stringify(byType["AWS::IAM::Role"])).toContain("kedge-app-boundary");
      expect(JSON.stringify(byType["AWS::IAM::Role"])).toMatch(/[:/]mainframe(-build)?"/);
      const handedOver = byType["Custom::KedgeHandedOver"] ?? {};
      if ("function" in settings) {
        expect(handedOver).toMatchObject({ Function: "mainframe" });
        expect(JSON.parse(String(handedOver["Payload"]))).toMatchObject(handed);
      } else {
        expect(handedOver).toMatchObject({
          Project: "mainframe-build",
          Overrides: { sourceTypeOverride: "NO_SOURCE" },
        });
        expect(JSON.stringify(handedOver)).toContain(
          '{"name":"KEDGE_ACTION","value":"destroy","type":"PLAINTEXT"}',
        );
      }
    },
  );
});

it("never recognises an artifact by its files", () => {
  expect(custom.entries).toEqual([]);
});
