/** The documents people and CI jobs write or read, as JSON Schema; `docs/schema/` holds exactly these. */

import type { JsonSchema } from "#release/document/shape.ts";
import { estateShape } from "#release/estate/estate-shape.ts";
import { buildShape, deploymentShape } from "#release/traits/traits-shape.ts";
import { lineEventShape } from "./line-event.ts";
import { resultShape } from "./result-shape.ts";

const published = (title: string, schema: JsonSchema): JsonSchema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title,
  ...schema,
});

/** By file name. */
export const schemas: Readonly<Record<string, JsonSchema>> = {
  "estate.schema.json": published("Kedge estate", estateShape.schema),
  "event.schema.json": published("Kedge event", lineEventShape.schema),
  "result.schema.json": published("Kedge result", resultShape.schema),
  "traits-build.schema.json": published("Kedge .traits/build.yml", buildShape.schema),
  "traits-deployment.schema.json": published("Kedge .traits/deployment.yml", deploymentShape.schema),
};

export const formatSchema = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
