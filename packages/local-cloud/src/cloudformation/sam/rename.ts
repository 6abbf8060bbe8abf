/**
 * Changes references to the resources that SAM created for them: `Fn.Alias`, `Fn.Version`, `Api.Stage`, a
 * layer's version.
 */
import { isList, isObject, type Json } from "#cloud/cloudformation/json.ts";

export function renameReferences(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (renamed.size === 0) return value;
  if (isList(value)) return value.map((item) => renameReferences(item, renamed));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === "Ref" && typeof item === "string") return [key, renamed.get(item) ?? item];
      if (key === "Fn::GetAtt") return [key, attribute(item, renamed)];
      if (key === "Fn::Sub") return [key, text(item, renamed)];
      if (key === "DependsOn") return [key, depends(item, renamed)];
      return [key, renameReferences(item, renamed)];
    }),
  );
}

function attribute(value: Json, renamed: ReadonlyMap<string, string>): Json {
  const parts =
    typeof value === "string"
      ? value.split(".")
      : isList(value)
        ? value.flatMap((part) => String(part).split("."))
        : [];
  const [id = "", member = "", ...rest] = parts;
  const whole = rest.length > 0 ? renamed.get(`${id}.${member}`) : undefined;
  if (whole !== undefined) return [whole, rest.join(".")];
  const own = renamed.get(id);
  return own === undefined ? value : [own, [member, ...rest].join(".")];
}

const depends = (value: Json, renamed: ReadonlyMap<string, string>): Json =>
  isList(value) ? value.map((one) => renamed.get(String(one)) ?? one) : (renamed.get(String(value)) ?? value);

function text(value: Json, renamed: ReadonlyMap<string, string>): Json {
  const fill = (template: string): string =>
    template.replace(/\$\{([^!}][^}]*)\}/g, (whole, name: string) => {
      const own = renamed.get(name);
      if (own !== undefined) return `\${${own}}`;
      const [id = "", member = "", ...rest] = name.split(".");
      const alias = rest.length > 0 ? renamed.get(`${id}.${member}`) : undefined;
      if (alias !== undefined) return `\${${alias}.${rest.join(".")}}`;
      const base = member === "" ? undefined : renamed.get(id);
      return base === undefined ? whole : `\${${base}.${[member, ...rest].join(".")}}`;
    });
  if (typeof value === "string") return fill(value);
  const [template, variables] = isList(value) ? value : [];
  return typeof template === "string" ? [fill(template), renameReferences(variables ?? {}, renamed)] : value;
}
