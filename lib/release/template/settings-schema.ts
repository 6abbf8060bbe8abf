/** What the settings of a release template may be, as JSON Schema; of one without settings, nothing. */
import type { JsonSchema } from "#release/document/shape.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";

const nothing: JsonSchema = { type: "object", properties: {}, additionalProperties: false };

export const settingsSchemaOf = ({ settings }: ReleaseTemplate): JsonSchema => settings?.schema ?? nothing;
