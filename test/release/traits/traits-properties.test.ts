/** What holds for all traits: reading what was written gives them back, they only narrow, merges are what they stand for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { plainValue, yamlTree } from "#release/document/node-tree.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { type EnvironmentTraits, noTraits, type Strategy, type Traits } from "#release/traits/traits.ts";
import { formatTraits } from "#release/traits/traits-format.ts";
import { readTraits } from "#release/traits/traits-read.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });
/** Also texts that YAML or our references could take for something else. */
const value = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replace(/\$\{+/g, "$")),
  fc.constantFrom(
    "true",
    "null",
    "012",
    "1.10",
    "~",
    "*x",
    "&y",
    "<<",
    "",
    "${env}",
    "$${x}",
    "${ssm:/a/b:3}",
  ),
);
const named = <T>(item: fc.Arbitrary<T>) =>
  fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/), item, { maxKeys: 3 });
const settings = named(fc.oneof(value, fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 2 })));

const optional = <K extends string, T>(key: K, item: fc.Arbitrary<T>): fc.Arbitrary<{ [Key in K]?: T }> =>
  fc.oneof(
    fc.constant({}),
    item.map((found) => ({ [key]: found }) as { [Key in K]?: T }),
  );

const strategy: fc.Arbitrary<Strategy> = fc.constantFrom<Strategy>(
  { type: "rolling" },
  { type: "canary", steps: [5, 25, 100], minutes: 5, alarms: ["Errors"] },
);
const window = fc.constant({ cron: "* * 9-16 ? * MON-FRI *", timeZone: "Europe/Vienna" });

const environmentTraits = (own: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<EnvironmentTraits> =>
  fc
    .tuple(named(value), named(value), own, optional("strategy", strategy), optional("window", window))
    .map(
      ([parameters, tags, set, ...more]) =>
        Object.assign({ parameters, tags, settings: set }, ...more) as EnvironmentTraits,
    );

const environments = ["dev", "qa", "prod", "acme-prod"];
const patterns = fc.uniqueArray(fc.constantFrom(...environments, "*prod", "**", "q*"), {
  minLength: 1,
  maxLength: 3,
});

const eligibility = fc
  .tuple(
    optional("environments", patterns),
    optional("regions", fc.uniqueArray(fc.constantFrom("us-east-1", "eu-west-1"), { minLength: 1 })),
    optional("tenants", words),
    optional("units", words),
    optional("clusters", words),
    optional("tags", fc.dictionary(word, words, { minKeys: 1, maxKeys: 2 })),
  )
  .map((members) => Object.assign({}, ...members) as Traits["eligibility"]);

const traits: fc.Arbitrary<Traits> = fc
  .record({
    eligibility,
    settings,
    everywhere: environmentTraits(fc.constant({})),
    byEnvironment: fc.dictionary(fc.constantFrom(...environments), environmentTraits(settings), {
      maxKeys: 2,
    }),
    publish: fc.dictionary(
      fc.constantFrom("/a/b", "/shop/${env}/url"),
      word.map((name) => name.replaceAll("-", "")),
      { maxKeys: 2 },
    ),
  })
  .chain((fixed) =>
    fc
      .tuple(
        optional("family", word),
        optional("type", word),
        optional("template", fc.constantFrom({ name: "sam" }, { name: "sam", range: "^1.2 || 3.x" })),
      )
      .map((members) => Object.assign({ ...noTraits, ...fixed }, ...members) as Traits),
  );

describe("traits", () => {
  it("traits are the same after writing and reading", () => {
    const paths = { build: ".traits/build.yml", deployment: ".traits/deployment.yml" };
    fc.assert(
      fc.property(traits, (given) => {
        const { build, deployment } = formatTraits(given);
        const texts = new Map([
          [paths.build, build],
          [paths.deployment, deployment],
        ]);
        expect(readTraits(paths, texts, environments).traits).toEqual({
          ...given,
          sources: Object.values(paths),
        });
      }),
      { numRuns: 300 },
    );
  });

  const estate = parseEstate(`
region: us-east-1
central: "101010101010"
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"], tags: { cluster: "a, b" } }
      - { name: qa, account: "333333333333", order: 2, branches: [main, "release/*"] }
      - { name: prod, account: "444444444444", order: 3, branches: [main], protected: true }
`);
  const line = { account: "111111111111", app: "shop" };

  it("traits never widen the estate's permissions, and give every environment a reason", () => {
    fc.assert(
      fc.property(
        eligibility,
        optional("exclude", patterns),
        fc.constantFrom("main", "release/1", "x"),
        (wanted, unwanted, branch) => {
          const rule = { ...wanted, ...unwanted };
          const all = environmentsFor(estate, { ...line, branch });
          const narrowed = environmentsFor(estate, { ...line, branch }, { eligibility: rule });
          const names = all.targets.map(({ environment }) => environment);
          for (const { environment } of narrowed.targets) expect(names).toContain(environment);
          expect(narrowed.verdicts.map(({ environment }) => environment)).toEqual(["dev", "qa", "prod"]);
          for (const { reason } of narrowed.verdicts)
            expect(reason).toMatch(/^(The branch fits|Accepts) .+\.$/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("traits narrow no less with a further rule", () => {
    fc.assert(
      fc.property(eligibility, eligibility, (one, other) => {
        const reach = (rule: Traits["eligibility"]) =>
          environmentsFor(estate, { ...line, branch: "main" }, { eligibility: rule }).targets.map(
            (each) => each.environment,
          );
        const both = { ...other, ...one };
        for (const environment of reach(both)) expect(reach(one)).toContain(environment);
      }),
      { numRuns: 200 },
    );
  });
});

describe("merge keys", () => {
  const fields = named(fc.oneof(value, settings));

  it("reads merge keys as the same fields without merging", () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 3 }), fields, (merged, own) => {
        const anchors = merged.map((each, index) => `x${index}: &x${index} ${flow(each)}\n`).join("");
        const names = merged.map((_, index) => `*x${index}`).join(", ");
        const rest = flow(own).slice(1, -1).trim();
        const text = `${anchors}all: { <<: [${names}]${rest === "" ? "" : `, ${rest}`} }\n`;
        const { root, problems } = yamlTree(text);
        expect(problems).toEqual([]);
        const read = plainValue(root) as { readonly all: unknown };
        expect(read.all).toEqual(Object.assign({}, ...merged.toReversed(), own));
      }),
      { numRuns: 200 },
    );
  });

  const flow = (given: object): string =>
    stringify(given, { collectionStyle: "flow", lineWidth: 0, aliasDuplicateObjects: false }).trim();
});
