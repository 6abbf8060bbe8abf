/** The keys in the registry bucket. */
import { folders } from "./deployed-names.ts";

const moduleProposals = `${folders.proposals}templates/`;

type ModuleRef = { readonly name: string; readonly version: string; readonly sha256: string };

export const registryKeys = {
  estate: `${folders.estate}estate.yml`,
  /** The texts that people want published in place of one version of the estate, one object for each person. */
  proposals: (base: string, digest: string): string => `${folders.proposals}${base}/${digest}/`,
  /** One folder for each text that waits. */
  proposalsFor: (base: string): string => `${folders.proposals}${base}/`,
  /** The modules of release templates that people signed, one object for each person. */
  moduleProposals: ({ name, version, sha256 }: ModuleRef): string =>
    `${moduleProposals}${name}/${version}/${sha256}/`,
  allModuleProposals: moduleProposals,
  templates: `${folders.templates}index.json`,
  /** The fields of the index that readers of 1.1.0 do not know. */
  supplement: `${folders.templates}index-supplement.json`,
  template: (name: string, version: string, sha256Hex: string): string =>
    `${folders.templates}${name}/${version}/${sha256Hex}.mjs`,
  /** JSON Schema of the template's settings, to compare the next version with. */
  settings: (name: string, version: string, sha256Hex: string): string =>
    `${folders.templates}${name}/${version}/${sha256Hex}.settings.json`,
} as const;

/** The place of the estate's version in the keys of proposals for the first estate. */
export const noEstate = "none";
