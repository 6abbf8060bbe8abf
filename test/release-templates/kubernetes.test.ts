import { describe, expect, it } from "vitest";
import type { PlainObject } from "#release/document/template-document.ts";
import { lineName } from "#release/names/names.ts";
import { sourceDocument } from "#release/stack/build-stack.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import { noTraits } from "#release/traits/traits.ts";
import { nested, releaseName } from "#templates/kubernetes/release-stack.ts";
import { kubernetes } from "#templates/kubernetes/template.ts";
import { codeOf, errorOf, samRef, shop, shopTargets } from "#test/release/samples.ts";
import { sampleManifest } from "#test/release-templates/sample-manifests.ts";
import { exampleFiles, expectGolden, goldenCases, inspectFiles, planOf } from "#test/support/golden.ts";

const chart = exampleFiles("menu-helm");
const manifests = exampleFiles("menu-manifests");
const [dev, , prod] = shopTargets;
const manifestText = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";

describe.each(goldenCases)("the plan of the chart: $name", (goldenCase) => {
  it("equals the golden plan", () => expectGolden("menu-helm", goldenCase));
});

describe("the content of an artifact for a cluster", () => {
  it.each([
    ["Chart.yaml", "name: a\nversion: 1.0.0", { kind: "helm", chart: ".", values: {} }],
    [
      "deploy/chart/Chart.yaml",
      "name: a\nversion: 1.0.0",
      { kind: "helm", chart: "deploy/chart", values: {} },
    ],
    ["k8s/deployment.yaml", manifestText, { kind: "manifests", files: ["k8s/deployment.yaml"] }],
    ["kustomization.yaml", "", { kind: "kustomize", folder: ".", overlays: {} }],
  ])("is recognised by %s", async (name, content, facts) => {
    const { template, manifest } = await inspectFiles([{ name, content }]);
    expect([template.template.name, manifest.facts]).toEqual(["kubernetes", facts]);
  });

  it.each([
    ["Chart.yaml", "name: a\nversion: 1.0.0\ntype: library\n"],
    ["Chart.yaml", "description: neither name nor version\n"],
    ["k8s/deployment.yaml", "just: text\n"],
  ])("is not recognised by %s with %j", async (name, content) => {
    expect(await codeOf(() => inspectFiles([{ name, content }]))).toBe("NoTemplateFits");
  });

  it("ignores the charts on which a chart depends", async () => {
    const sub = { name: "charts/cache/Chart.yaml", content: "name: cache\nversion: 1.0.0" };
    const { manifest } = await inspectFiles([...chart, sub]);
    expect(manifest.entry).toBe("Chart.yaml");
  });

  it("finds values and overlays of environments by their names", async () => {
    expect((await inspectFiles(chart)).manifest.facts["values"]).toEqual({
      dev: "values.dev.yaml",
      prod: "values.prod.yaml",
    });
    const overlays = ["overlays/dev", "overlays/prod", "base"].map((folder) => ({
      name: `${folder}/kustomization.yaml`,
      content: "",
    }));
    const whole = [{ name: "kustomization.yaml", content: "" }, ...overlays];
    expect((await inspectFiles(whole)).manifest.facts["overlays"]).toEqual({
      dev: "overlays/dev",
      prod: "overlays/prod",
    });
  });
});

const withSettings = async (files: typeof chart, settings: PlainObject) => {
  const inspection = await inspectFiles(files);
  return { ...inspection, manifest: { ...inspection.manifest, traits: { ...noTraits, settings } } };
};

async function actions(files: typeof chart, settings: PlainObject = {}): Promise<readonly string[]> {
  const plan = planOf(await withSettings(files, settings), shop, dev === undefined ? [] : [dev]);
  return plan.stages[2]?.actions.map(({ name, type }) => `${name}: ${type}`) ?? [];
}

const before = ["Prepare: prepare", "ChangeSet: change-set", "Execute: execute"];

describe("the steps of a Kubernetes environment", () => {
  it("the steps of a Kubernetes environment are the EKS action and a build that waits for the rollout", async () => {
    const steps = [...before, "Deploy: eks-deploy", "Verify: build"];
    expect(await actions(chart)).toEqual(steps);
    expect(await actions(manifests)).toEqual(steps);
  });

  it("the steps of a Kubernetes environment are one build when the settings ask for it or the action does not support the input", async () => {
    expect(await actions(chart, { with: "build" })).toEqual([...before, "Deploy: build"]);
    const kustomization = [{ name: "kustomization.yaml", content: "resources: []" }];
    expect(await actions(kustomization)).toEqual([...before, "Deploy: build"]);
    const many = Array.from({ length: 60 }, (_, index) => ({
      name: `k8s/object-number-${index}.yaml`,
      content: manifestText,
    }));
    expect(await actions([...manifests, ...many])).toEqual([...before, "Deploy: build"]);
  });
});

describe("images in manifests", () => {
  it("images in manifests need digests when the settings require them", async () => {
    const assemble = async (content: string) => {
      const files = [{ name: "k8s/deployment.yaml", content: manifestText + content }];
      const { manifest } = await withSettings(files, { digests: true });
      const text = async (): Promise<string> => manifestText + content;
      const names = files.map(({ name }) => name);
      return kubernetes.assemble?.({ line: shop, manifest, targets: shopTargets, names, text });
    };
    const error = await errorOf(() => assemble("  image: web:1.2\n"));
    expect([error?.code, error?.message]).toEqual([
      "ArtifactUnfit",
      "Name these images by their digests: web:1.2 in k8s/deployment.yaml.",
    ]);
    expect(await codeOf(() => assemble(`  image: web@sha256:${"0".repeat(64)}\n`))).toBe("no error");
  });
});

async function configured(files: typeof chart, settings: PlainObject, values: Record<string, string> = {}) {
  const { manifest } = await inspectFiles(files);
  const document = JSON.parse(
    JSON.stringify(sourceDocument).replace("{{kedge:bucket}}/{{kedge:zip:.}}", "cache/parts/1.zip"),
  ) as PlainObject;
  return kubernetes.configure?.({
    release: { line: shop, manifest },
    target: prod,
    settings,
    parameters: { values, tags: {} },
    stacks: [{ id: "", level: 0, path: "x", document }],
    outputs: {},
    digest: "d",
    assetVersions: { "parts/1.zip": "object-1" },
  } as unknown as ConfigurationRequest);
}

describe("the stack of a Kubernetes environment", () => {
  it("undoes a release with the version of the artifact that was released", async () => {
    const resources = (await configured(chart, {}))?.documents?.[""]?.["Resources"] as Record<string, object>;
    expect(resources["UndoProject"]).toMatchObject({ Properties: { SourceVersion: "object-1" } });
  });

  it("limits its builds to one namespace of the cluster", async () => {
    const text = JSON.stringify((await configured(chart, { namespace: "canteen" }))?.documents?.[""]);
    expect(text).toContain('"AccessScope":{"Type":"namespace","Namespaces":["canteen"]}');
    expect(text).toContain("cluster-access-policy/AmazonEKSEditPolicy");
    expect(text).toContain('{"Name":"NAMESPACE","Type":"PLAINTEXT","Value":"canteen"}');
    expect(text).toContain('"Default":"/kedge/eks/cluster"');
  });

  it("gives a chart its parameters as values, after the environment's files", async () => {
    const configuration = await configured(chart, {}, { "image.digest": "sha256:1", title: "x" });
    expect(configuration?.files).toEqual({
      ".kedge/values.yaml": '{"image":{"digest":"sha256:1"},"title":"x"}',
    });
    expect(JSON.stringify(configuration?.documents)).toContain(
      '"--values values.prod.yaml --values ../.kedge/values.yaml"',
    );
  });

  it("rejects parameters of manifests, and contradictory values", async () => {
    expect(await codeOf(() => configured(manifests, {}, { a: "b" }))).toBe("ParametersUnknown");
    expect(await codeOf(() => nested({ image: "a", "image.tag": "b" }))).toBe("ParametersMalformed");
    expect(await codeOf(() => nested({ "image.tag": "b", image: "a" }))).toBe("ParametersMalformed");
  });
});

describe("the name of a Helm release", () => {
  it("is the line's name, or its beginning and its hash, within Helm's 53 characters", () => {
    expect(releaseName(shop)).toBe(lineName(shop));
    const long = { ...shop, app: "a".repeat(40), branch: "b".repeat(40) };
    expect(releaseName(long)).toHaveLength(53);
    expect(releaseName(long).slice(-12)).toBe(lineName(long).slice(-12));
  });
});

describe("the namespace of a release", () => {
  const planned = async (settings: PlainObject, rules?: Target["kubernetes"]) => {
    const target = { ...dev, ...(rules && { kubernetes: rules }) } as Target;
    const manifest = sampleManifest("kubernetes");
    const traits = { ...manifest.traits, settings: { ...manifest.traits.settings, ...settings } };
    const request = { line: shop, manifest: { ...manifest, traits }, targets: [target], template: samRef };
    return kubernetes.plan({ ...request, settings: { region: "us-east-1", cacheBucket: "cache" } });
  };
  const canteen = { namespaces: { canteen: ["shop"] }, admin: [] };

  it.each([
    [
      { namespace: "kube-system" },
      undefined,
      "namespace asks for kube-system; the estate allows shop there dev.",
    ],
    [{ namespace: "canteen" }, { ...canteen, namespaces: { canteen: ["menu-*"] } }, "asks for canteen"],
    [{ namespace: "other" }, canteen, "asks for other; the estate allows shop there dev, canteen."],
    [{ access: "admin" }, canteen, "access asks for admin"],
  ])("is refused: %j", async (settings, rules, words) => {
    const error = await errorOf(() => planned(settings, rules));
    expect(error?.code).toBe("SettingNotAllowed");
    expect(error?.message).toContain(words);
  });

  it.each([
    [{}, undefined],
    [{ namespace: "dev" }, undefined],
    [{ namespace: "canteen" }, canteen],
    [{ access: "admin" }, { ...canteen, admin: ["shop"] }],
  ])("is accepted: %j", async (settings, rules) => {
    expect(await codeOf(() => planned(settings, rules))).toBe("no error");
  });
});
