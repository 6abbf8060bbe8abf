/**
 * Makes the mutants of every policy statement of every template: the statement is widened, narrowed or
 * removed in each way. A mutant changes the statement in all accounts its template is deployed into.
 */
import { type DeployedEstate, type Statement, strings } from "#access/deployed-estate.ts";

export type Mutant = {
  /** `stack/resource/kind#index: mutation`. */
  readonly name: string;
  readonly source: string;
  readonly index: number;
  readonly kind: string;
  readonly statement: Statement;
  /**
   * The statement after the mutation, in the first of the deployments. Undefined when the statement is
   * removed.
   */
  readonly mutated: Statement | undefined;
  /** The policy's key and its statements after the mutation, one entry for each deployment. */
  readonly overrides: ReadonlyMap<string, readonly Statement[]>;
};

type Mutation = {
  readonly name: string;
  /**
   * Returns the mutated statement, `[]` when the statement is removed, `undefined` when the mutation does not
   * apply.
   */
  readonly of: (statement: Statement, kind: string) => Statement | readonly [] | undefined;
};

const without = (statement: Statement, member: string): Statement =>
  Object.fromEntries(Object.entries(statement).filter(([name]) => name !== member));

const mutations: readonly Mutation[] = [
  { name: "removed", of: () => [] },
  {
    name: "without its condition",
    of: (statement) => (statement["Condition"] === undefined ? undefined : without(statement, "Condition")),
  },
  {
    name: "on every resource",
    of: (statement) =>
      statement["Resource"] === undefined || strings(statement["Resource"]).includes("*")
        ? undefined
        : { ...statement, Resource: "*" },
  },
  {
    name: "for every action of its services",
    of: (statement) => {
      const whole = [...new Set(strings(statement["Action"]).map((each) => `${each.split(":")[0]}:*`))];
      const same = strings(statement["Action"]).every((each) => each.endsWith("*"));
      return same ? undefined : { ...statement, Action: whole };
    },
  },
  {
    name: "for everyone",
    of: (statement) =>
      statement["Principal"] === undefined || JSON.stringify(statement["Principal"]).includes('"*"')
        ? undefined
        : { ...statement, Principal: "*" },
  },
];

export function mutantsOf({ policies }: DeployedEstate): readonly Mutant[] {
  const bySource = Map.groupBy(policies.values(), ({ source }) => source);
  return [...bySource].flatMap(([source, all]) => {
    const [first] = all;
    return (first?.statements ?? []).flatMap((statement, index) =>
      mutations.flatMap((mutation): readonly Mutant[] => {
        const kind = first?.kind ?? "";
        const after = mutation.of(statement, kind);
        if (after === undefined) return [];
        const overrides = new Map(
          all.map(({ key, statements, kind }) => [
            key,
            statements.flatMap((each, at) => (at === index ? listed(mutation.of(each, kind)) : [each])),
          ]),
        );
        const [mutated] = listed(after);
        return [
          {
            name: `${source}#${index}: ${mutation.name}`,
            source,
            index,
            kind,
            statement,
            mutated,
            overrides,
          },
        ];
      }),
    );
  });
}

const listed = (mutated: Statement | readonly [] | undefined): readonly Statement[] =>
  mutated === undefined || Array.isArray(mutated) ? [] : [mutated as Statement];
