/** Traits in the form of their files, as they are understood: merged in, defaults filled in, package.json moved there. */
import { stringify } from "yaml";
import { formatTemplateRequest } from "./template-request.ts";
import type { EnvironmentTraits, Traits } from "./traits.ts";

type TraitsTexts = { readonly build: string; readonly deployment: string };

/** Reading these again gives the same traits. A file without content is "". */
export function formatTraits(traits: Traits): TraitsTexts {
  const { family, type, template, settings, eligibility, everywhere, byEnvironment, publish } = traits;
  const environments = Object.entries(byEnvironment).map(([name, own]) => [name, fieldsOf(own)]);
  return {
    build: yaml({
      family,
      type,
      template: template && formatTemplateRequest(template),
      settings: filled(settings),
    }),
    deployment: yaml({
      eligibility: filled(eligibility),
      ...fieldsOf(everywhere),
      publish: filled(publish),
      environments: filled(Object.fromEntries(environments)),
    }),
  };
}

const fieldsOf = ({ parameters, tags, strategy, window, settings }: EnvironmentTraits): object => ({
  parameters: filled(parameters),
  tags: filled(tags),
  strategy,
  window,
  settings: filled(settings),
});

/** An empty object says nothing, so it is left out. */
const filled = (value: object): object | undefined => (Object.keys(value).length === 0 ? undefined : value);

function yaml(fields: object): string {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return said.length === 0
    ? ""
    : stringify(Object.fromEntries(said), { aliasDuplicateObjects: false, lineWidth: 0 });
}
