/** Reads the locations of the packaged archives from serverless-state.json. */

import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { ServiceState } from "./packaged-code.ts";

/** Throws `TemplateMalformed` when the text is no state of a service. */
export function readState(text: string, path: string): ServiceState {
  const json = parsed(text);
  const service = at(json, "service");
  const packages = [json, service, ...under(service, "functions"), ...under(service, "layers")].map((each) =>
    at(each, "package"),
  );
  if (Object.keys(service).length === 0)
    throw new ReleaseError("TemplateMalformed", `${path} is not the state of a service: it has no service.`);
  const folder = packages.flatMap(({ artifactDirectoryName: name }) =>
    typeof name === "string" ? [name] : [],
  )[0];
  const archives = packages.flatMap(({ artifact }) => (typeof artifact === "string" ? [artifact] : []));
  return { ...(folder !== undefined && { folder }), archives: [...new Set(archives)] };
}

const at = (value: PlainValue | undefined, key: string): PlainObject => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
};

const under = (value: PlainObject, key: string): readonly PlainValue[] => Object.values(at(value, key));

function parsed(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return null;
  }
}
