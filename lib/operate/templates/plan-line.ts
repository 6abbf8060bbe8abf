/** Plans the artifact of a line for an impact. An artifact that cannot be planned gives its error as the answer. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { TemplateOffer } from "#release/template/select-template.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

export type Planned = Plan | ReleaseError;

type PlanRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly reader: RangeReader;
  readonly further?: TemplateOffer["further"];
};

export async function planWith(
  { estate, line, reader, further }: PlanRequest,
  templates: readonly LoadedTemplate[],
): Promise<Planned> {
  return orReleaseError(async () => {
    const request = { estate, line, reader, templates, ...(further && { further }) };
    return (await planArtifact(request)).planned.plan;
  });
}

export async function orReleaseError<T>(work: () => Promise<T>): Promise<T | ReleaseError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
}

/** Several plans read the same ranges, so each range is read once. */
export function readOnce({ size, read }: RangeReader): RangeReader {
  const held = new Map<string, Promise<Uint8Array>>();
  return {
    size,
    read: (start, end) => {
      const range = `${start}-${end}`;
      const reading = held.get(range) ?? read(start, end);
      held.set(range, reading);
      return reading;
    },
  };
}

export const sentenceOf = ({ code, message }: ReleaseError): string => `${code}: ${message}`;
