import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { objectName, readChart, readManifests } from "#cloud/build/tools/kubernetes-files.ts";

const object = (kind: string, more = ""): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: web${more}}\n`;

describe("manifests", () => {
  it("reads the objects of lists and of several documents", () => {
    const list =
      "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service, metadata: {name: a}}]\n";
    const found = readManifests(`${object("Deployment")}---\n---\n${list}`, "x.yaml");
    expect(found.map(objectName)).toEqual(["deployment.apps/web", "service/a"]);
  });

  it.each([
    ["a: b", "[apiVersion not set, kind not set]"],
    ["apiVersion: v1\nkind: Pod\n", "resource name may not be empty"],
    ["just text", "[apiVersion not set, kind not set]"],
    ["a: [", "error parsing x.yaml"],
    [object("Deployment", ", namespace: other"), 'does not match the namespace "prod"'],
  ])("rejects %j as kubectl does", (text, message) => {
    expect(() => readManifests(text, "x.yaml", "prod")).toThrow(message);
  });
});

describe("a chart", () => {
  it.each([
    [undefined, "Chart.yaml file is missing"],
    ["apiVersion: v2\nname: a\n", "chart.metadata.version is required"],
    ["apiVersion: v2\nname: a\nversion: 1.0.0\ntype: library\n", "library charts are not installable"],
    [
      "apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies: [{name: redis}]\n",
      "missing in charts/ directory: redis",
    ],
    ["- a", "it is not a mapping"],
  ])("rejects a chart of %j as Helm does", async (text, message) => {
    const folder = await mkdtemp(join(tmpdir(), "chart-"));
    try {
      if (text !== undefined) await writeFile(join(folder, "Chart.yaml"), text);
      expect(() => readChart(folder, ".")).toThrow(message);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("has a name and a version", () => {
    expect(readChart("examples", "menu-helm")).toEqual({ name: "menu", version: "0.4.0" });
  });
});
