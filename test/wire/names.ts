/** Lists the names in a template: roles, functions, queues, rules, alarms, and also variables and tags. */

type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };
type NamedTemplate = {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, unknown>>;
};

export function namesIn({ Parameters = {}, Outputs = {}, Resources }: NamedTemplate): object {
  const resources = Object.entries(Resources as Readonly<Record<string, Resource>>);
  const types = Map.groupBy(resources, ([, { Type }]) => Type);
  const variables = resources.flatMap(([, { Properties = {} }]) => {
    const environment = Properties["Environment"] as { readonly Variables?: object } | undefined;
    return environment?.Variables === undefined
      ? []
      : [[String(Properties["FunctionName"]), Object.keys(environment.Variables).sort()] as const];
  });
  return {
    parameters: Object.keys(Parameters).sort(),
    outputs: Object.keys(Outputs).sort(),
    resources: Object.fromEntries(
      [...types].sort().map(([type, own]) => [type, Object.fromEntries(own.map(named).sort())]),
    ),
    variables: Object.fromEntries(variables),
    tags: [...new Set(resources.flatMap(([, { Properties = {} }]) => tagsIn(Properties)))].sort(),
  };
}

/** A resource without a name property has a name that CloudFormation makes. */
function named([id, { Properties = {} }]: readonly [string, Resource]): [string, unknown] {
  const own = Object.entries(Properties).find(([property]) =>
    /^(?!.*Display)([A-Za-z]*Name)$/.test(property),
  );
  return [id, own?.[1] ?? "-"];
}

const tagsIn = (properties: Readonly<Record<string, unknown>>): readonly string[] => {
  const tags = properties["Tags"];
  return Array.isArray(tags) ? tags.map((tag) => String((tag as { readonly Key?: unknown }).Key)) : [];
};
