/**
 * Reads the content of an artifact for a cluster: a chart with its values, plain manifests, or a
 * kustomization.
 */

import type { Described } from "#release/artifact/manifest.ts";
import type { PlainObject } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Evidence, Fit } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";

export type Content =
  | { readonly kind: "helm"; readonly chart: string; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "manifests"; readonly files: readonly string[] }
  | {
      readonly kind: "kustomize";
      readonly folder: string;
      readonly overlays: Readonly<Record<string, string>>;
    };

const kustomization = /(^|\/)kustomization\.ya?ml$/;
const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".");

export function detect({ path, text }: Evidence): Fit {
  if (kustomization.test(path)) return { fits: true, reason: `${path} is a kustomization.` };
  if (!/(^|\/)Chart\.ya?ml$/.test(path)) return isManifest(path, text);
  if (/^type:\s*["']?library/m.test(text))
    return { fits: false, reason: `${path} is a library chart, which other charts use.` };
  const missing = ["name", "version"].filter((field) => !new RegExp(`^${field}:`, "m").test(text));
  return missing.length === 0
    ? { fits: true, reason: `${path} is a Helm chart.` }
    : { fits: false, reason: `${path} has no ${missing.join(" and no ")}, which every Helm chart has.` };
}

function isManifest(path: string, text: string): Fit {
  const fits = /^apiVersion:/m.test(text) && /^kind:/m.test(text);
  return fits
    ? { fits, reason: `${path} has an apiVersion and a kind.` }
    : { fits, reason: `${path} has no apiVersion and kind at its begin of a line.` };
}

export function describe(evidence: Evidence): Described {
  return { facts: contentOf(evidence) as unknown as PlainObject };
}

function contentOf({ names, path }: Evidence): Content {
  const folder = folderOf(path);
  const home = folder === "." ? "" : `${folder}/`;
  if (kustomization.test(path))
    return { kind: "kustomize", folder: baseOf(folder), overlays: overlaysIn(names) };
  if (/Chart\.ya?ml$/.test(path)) return { kind: "helm", chart: folder, values: valuesIn(names, home) };
  const files = names.filter(
    (name) => name.startsWith(home) && /^[^/]+\.ya?ml$/.test(name.slice(home.length)),
  );
  return { kind: "manifests", files };
}

/** `values.prod.yaml`, `values-prod.yaml`, or `values/prod.yaml` beside the chart. */
const valuesIn = (names: readonly string[], home: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const inside = name.startsWith(home) ? name.slice(home.length) : "";
      const environment = /^(?:values[.-]|(?:values|environments)\/)([^/.]+)\.ya?ml$/.exec(inside)?.[1];
      return environment === undefined ? [] : [[environment, name]];
    }),
  );

const overlay = /^((?:[^/]+\/)*overlays\/([^/]+))\/kustomization\.ya?ml$/;

const overlaysIn = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const [, path = "", environment] = overlay.exec(name) ?? [];
      return environment === undefined ? [] : [[environment, path]];
    }),
  );

/** An overlay that was found first says nothing of the other environments. */
const baseOf = (folder: string): string => folder.replace(/(^|\/)overlays\/[^/]+$/, "$1base");

/** Returns the most specific name of the environment that has a file. */
export const ownOf = (of: Readonly<Record<string, string>>, { names }: Target): string | undefined =>
  names.toReversed().flatMap((name) => of[name] ?? [])[0];

/** All of them, from the general to its own. */
export const allOf = (of: Readonly<Record<string, string>>, { names }: Target): readonly string[] =>
  names.flatMap((name) => of[name] ?? []);

const image = /^[ \t-]*image:[ \t]*["']?([^\s"'#]+)/gm;

/** Throws `ArtifactUnfit`, naming every image whose bytes may change under its name. */
export async function requireDigests(
  files: readonly string[],
  text: (path: string, askedBy: string) => Promise<string>,
): Promise<void> {
  const found: string[] = [];
  for (const path of files) {
    const images = [...(await text(path, "The check of images")).matchAll(image)].map(
      ([, name = ""]) => name,
    );
    found.push(...images.filter((name) => !name.includes("@sha256:")).map((name) => `${name} in ${path}`));
  }
  if (found.length === 0) return;
  throw new ReleaseError("ArtifactUnfit", `Name these images by their digests: ${found.join(", ")}.`);
}
