/** The JSON Schema of a release template's settings. A template without settings allows none. */
import type { JsonSchema } from "#release/document/shape.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";

const nothing: JsonSchema = { type: "object", properties: {}, additionalProperties: false };

export const settingsSchemaOf = ({ settings }: ReleaseTemplate): JsonSchema => settings?.schema ?? nothing;
