/** A team's wish for a release template, as it may be written: `sam`, `sam@^1.2`, or the two apart. */
import type { TemplateRequest } from "./traits.ts";

type Written = string | { readonly name: string; readonly version?: string };

export function templateRequestOf(written: Written | undefined): TemplateRequest | undefined {
  if (written === undefined) return undefined;
  if (typeof written !== "string") {
    const { name, version } = written;
    return { name, ...(version !== undefined && { range: version }) };
  }
  const sign = written.indexOf("@");
  return sign === -1 ? { name: written } : { name: written.slice(0, sign), range: written.slice(sign + 1) };
}

export const formatTemplateRequest = ({ name, range }: TemplateRequest): string =>
  range === undefined ? name : `${name}@${range}`;
