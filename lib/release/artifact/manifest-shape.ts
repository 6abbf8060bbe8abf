/** The shape of a manifest inside `release.json`. */

import {
  anyFields,
  choice,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from "#release/document/shape.ts";
import { type EnvironmentTraits, strategyTypes, type Traits } from "#release/traits/traits.ts";
import type { Manifest } from "./manifest.ts";

const texts = listOf(text());
const textsByName = mapOf(/^/, "a name", text());

const environmentTraits: Shape<EnvironmentTraits> = object({
  parameters: textsByName,
  tags: textsByName,
  strategy: optional(
    object({
      type: oneOf(...strategyTypes),
      steps: optional(listOf(integer(0, 100))),
      minutes: optional(integer(0, 100_000)),
      alarms: optional(texts),
    }),
  ),
  window: optional(object({ cron: text(), timeZone: text() })),
  migrations: optional(
    object({ folder: optional(text()), function: optional(text()), outOfOrder: optional(flag()) }),
  ),
  settings: anyFields,
});

const traitsShape: Shape<Traits> = object({
  sources: texts,
  family: optional(text()),
  type: optional(text()),
  template: optional(object({ name: text(), range: optional(text()) })),
  settings: anyFields,
  eligibility: object({
    environments: optional(texts),
    exclude: optional(texts),
    regions: optional(texts),
    clusters: optional(texts),
    tenants: optional(texts),
    units: optional(texts),
    tags: optional(mapOf(/^/, "a name", texts)),
  }),
  everywhere: environmentTraits,
  byEnvironment: mapOf(/^/, "a name", environmentTraits),
  publish: textsByName,
});

export const manifestShape: Shape<Manifest> = object({
  entry: text(),
  parameters: object({ shared: optional(text()), byEnvironment: textsByName }),
  smoke: choice<Manifest["smoke"]>("kind", {
    none: object({ kind: oneOf("none") }),
    script: object({ kind: oneOf("script"), path: text() }),
    buildspec: object({ kind: oneOf("buildspec"), path: text() }),
  }),
  capabilities: listOf(oneOf("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")),
  facts: anyFields,
  traits: traitsShape,
});
