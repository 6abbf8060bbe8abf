import { describe, expect, it } from "vitest";
import { eksDeploy } from "#cloud/action-providers/eks.ts";

const helm = { HelmReleaseName: "web", HelmChartLocation: "chart" };

describe("the configuration of an EKS action", () => {
  it.each([
    [{ ManifestFiles: "a.yaml" }, undefined],
    [{ ...helm, HelmValuesFiles: "values.yaml" }, undefined],
    [{ ...helm, ManifestFiles: "a.yaml" }, "ManifestFiles and the Helm properties cannot be used together"],
    [
      { HelmReleaseName: "web" },
      "Either ManifestFiles, or HelmReleaseName and HelmChartLocation are required",
    ],
    [{}, "Either ManifestFiles, or HelmReleaseName and HelmChartLocation are required"],
  ])("%j is answered %s", (configuration, answer) => {
    expect(eksDeploy.check?.({ ClusterName: "main", ...configuration }, ["Prepared"])).toBe(answer);
  });
});
