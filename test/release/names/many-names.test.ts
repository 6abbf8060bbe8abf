import { chance } from "@kedge/local-cloud/testing/chance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "#release/names/digest.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import {
  artifactNames,
  lineCode,
  lineName,
  outputsNamespace,
  packageNamespace,
} from "#release/names/names.ts";
import { linesOfStackName, longStackName, stackName } from "#release/names/stack-names.ts";
import {
  deleteToken,
  stackToken,
  startToken,
  supersededMarker,
  teardownMarker,
} from "#release/names/tokens.ts";
import { shop } from "#test/release/samples.ts";
import { derived, isLine, longestEnvironment } from "./derived-names.ts";
import golden from "./golden-names.json" with { type: "json" };
import { manyLines } from "./many-lines.ts";

const seed = 20_260_701;
const million = 1_000_000;
const versionSigns = ["a", "b", "X", "Z", "0", "9", "_", ".", "-"] as const;
const rules = Object.entries(derived);

/** What every derived name holds whole, so that it tells lines apart as well as that does. */
const held: { readonly [Holds in "name" | "key" | "code" | "digest first"]: (line: Line) => string } = {
  name: lineName,
  code: lineCode,
  "digest first": (line) => `${lineName(line).slice(-12)}--${lineName(line).slice(0, -13)}`,
  key: (line) =>
    line.app === "by-hash"
      ? `${line.account}/by-hash/${sha256Hex(formatKey(line))}`
      : formatKey(line).slice(0, -"/latest.zip".length),
};
const frameOf = ({ of, holds }: (typeof derived)[keyof typeof derived], line: Line): string =>
  holds === "nothing" ? "" : of(line).replace(held[holds](line), () => "…");
const frames = (): ReadonlyMap<string, string> =>
  new Map(rules.map(([what, rule]) => [what, frameOf(rule, shop)]));

function* faultsOf(line: Line, framed: ReadonlyMap<string, string>): Generator<string> {
  for (const [what, rule] of rules) {
    const made = rule.of(line);
    if (rule.allowed.test(made) && frameOf(rule, line) === framed.get(what)) continue;
    yield `${what} ${JSON.stringify(made)} of ${JSON.stringify(line)}`;
  }
}

describe("of a million lines", () => {
  it("gives a million lines different names that AWS accepts", () => {
    const owners = new Map<string, string>();
    const framed = frames();
    const faults: string[] = [];
    let index = 0;
    for (const line of manyLines(million, seed)) {
      const name = lineName(line);
      const key = formatKey(line);
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, key);
      else if (owner !== key) faults.push(`${name} is of ${JSON.stringify([owner, key])}`);
      if (!derived["line name"].allowed.test(name)) faults.push(`${name} of ${JSON.stringify(line)}`);
      // The others are this name in a frame that is the same for all lines; one in fifty shows it.
      index += 1;
      if (index % 50 === 0 && isLine(line)) faults.push(...faultsOf(line, framed));
    }
    expect(faults.slice(0, 5)).toEqual([]);
    expect(owners.size).toBeGreaterThan(0.99 * million);
  });
});

describe("whatever the line", () => {
  const segment = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 30 }),
    fc.constantFrom("-", "a-b", "by-hash", "latest.zip", "aws:a", "...", "\u202e", "x".repeat(300)),
  );
  const line = fc
    .record({ account: fc.stringMatching(/^\d{12}$/), app: segment, branch: segment })
    .filter((each) => each.app.isWellFormed() && each.branch.isWellFormed() && isLine(each));

  it("gives every line complete names that AWS accepts in every use", () => {
    const framed = frames();
    fc.assert(
      fc.property(line, (each) => {
        expect([...faultsOf(each, framed)]).toEqual([]);
      }),
    );
  });

  it("finds every line again from a stack's name, which no other environment's stack has", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/);
    fc.assert(
      fc.property(line, line, name, name, (one, other, here, there) => {
        for (const id of ["", "orders-api"]) {
          expect(linesOfStackName(stackName(here, one, id), [here, there])).toEqual([lineCode(one)]);
          expect(linesOfStackName(longStackName(here, one, id), [here, there])).toContain(lineName(one));
        }
        fc.pre(here !== there || formatKey(one) !== formatKey(other));
        expect(stackName(here, one)).not.toBe(stackName(there, other));
        expect(longStackName(here, one)).not.toBe(longStackName(there, other));
      }),
    );
  });
});

describe("names made of environments", () => {
  it("names made of environments are accepted by CodePipeline and differ within a pipeline", () => {
    const environments = [
      "dev",
      "dev-outputs",
      "smokeinput",
      "prepared",
      "package-outputs",
      longestEnvironment,
    ];
    const names = environments.flatMap((each) => [
      artifactNames.prepared(each),
      artifactNames.smokeInput(each),
      outputsNamespace(each),
    ]);
    const fixed = [artifactNames.release, artifactNames.packaged, packageNamespace];
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,100}$/);
    expect(new Set([...fixed, ...names].map((name) => name.toLowerCase())).size).toBe(
      fixed.length + names.length,
    );
  });
});

describe("of a hundred thousand versions", () => {
  it("gives a hundred thousand versions tokens and markers that AWS accepts, with their origin", () => {
    const random = chance(seed);
    const seen = new Map<string, number>();
    for (let index = 0; index < 100_000; index += 1) {
      const version = Array.from({ length: 32 }, () => random.pick(versionSigns)).join("");
      const digest = sha256Hex(String(index >> 4));
      const tokens = [
        stackToken(version, digest),
        startToken(version, digest, 0),
        startToken(version, digest, 1),
      ];
      tokens.push(deleteToken("pipeline", version), deleteToken("app-stacks", version));
      for (const token of tokens) {
        if (!/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/.test(token)) expect(token).toBe("a client request token");
        seen.set(token, index);
      }
      const [down, over] = [teardownMarker(version), supersededMarker(version)];
      if (!/^[a-zA-Z0-9!@ ().*?-]{1,200}$/.test(down)) expect(down).toBe("a reason of CodePipeline");
      if (over.length > 200) expect(over).toBe("a reason of CodePipeline");
      seen.set(down, index).set(over, index);
    }
    expect(seen.size).toBe(700_000);
  });
});

describe("names that are in AWS already", () => {
  it.each(golden)(
    "names that are in AWS already stay the same for $line.app / $line.branch",
    ({ line, names }) => {
      expect(Object.fromEntries(rules.map(([what, { of }]) => [what, of(line)]))).toEqual(names);
    },
  );

  it("names that are in AWS already never become fewer", () => {
    expect(golden.length).toBeGreaterThanOrEqual(60);
  });
});
