/** Tests the publishing of code, templates and the estate. */
import { describe, expect, it } from "vitest";
import { evaluateNew } from "#aws/template-module.ts";
import { publishEstate } from "#journey/publish-estate.ts";
import { publishModule } from "#journey/publish-module.ts";
import { publish } from "#operate/publish.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { moduleOf, refOf } from "#test/contracts/template-registry.ts";
import { codeOf } from "#test/release/samples.ts";
import { estateText } from "#test/support/fakes/anchor.ts";
import { memoryEstateRegistry } from "#test/support/fakes/estate-registry.ts";
import {
  fakeTime,
  memoryCliFiles,
  memoryPortfolio,
  memoryRegistryFiles,
} from "#test/support/fakes/operators.ts";
import { memoryTemplatePublication } from "#test/support/fakes/template-publication.ts";
import { memoryTemplateRegistry } from "#test/support/fakes/template-registry.ts";
import { operateCodeOf } from "./operate-code.ts";

const module = moduleOf("tiny", "1.0.0");
const ref = refOf("tiny", "1.0.0", module);
const zip = Buffer.from("zip");
const code = {
  lambdas: [{ name: "route", digest: "d".repeat(64), read: async () => zip }],
  templates: [{ ...ref, read: async () => module }],
};
const organization = `${estateText}organization: o-a1b2c3d4e5\n`;

function open() {
  const estates = memoryEstateRegistry();
  const deps = { publication: estates.publication, central: parseEstate(estateText).central };
  const proposals = estates.proposalsOf("AIDAX", (digest) => publishEstate(deps, digest));
  const registry = memoryTemplateRegistry();
  const held = memoryTemplatePublication(registry);
  const publication = { modules: held.modules, publication: estates.publication };
  const as = (userId: string) => held.proposalsOf(userId, (wanted) => publishModule(publication, wanted));
  return {
    ...{ estates, proposals, as, modules: as("AIDAX"), person: async () => "person-1" },
    ...{ registry, files: memoryRegistryFiles(), evaluate: evaluateNew },
    ...{ cli: memoryCliFiles(), portfolio: memoryPortfolio() },
    ...fakeTime(),
  };
}

describe("publish", () => {
  it("writes code, templates and the estate, and makes the first version current", async () => {
    const deps = open();
    const steps: string[] = [];
    await publish(deps, { estateText, code }, (step) => steps.push(step));
    expect(steps).toEqual([
      `published Lambda route ${"d".repeat(12)}`,
      `published release template tiny 1.0.0 ${ref.sha256.slice(0, 12)}`,
      "published the estate",
    ]);
    expect((await deps.registry.index()).templates).toEqual([ref]);
    const publishers = [{ name: "tiny", version: "1.0.0", person: "person-1" }];
    expect((await deps.registry.index()).publishers).toEqual(publishers);
    expect(deps.estates.versions.map(({ text }) => text)).toEqual([estateText]);
  });

  it("writes the command line of each version once", async () => {
    const deps = open();
    const steps: string[] = [];
    const cli = { version: "1.1.0", read: async () => Buffer.from("packed") };
    await publish(deps, { estateText, code, cli }, (step) => steps.push(step));
    await publish(deps, { estateText, code, cli }, (step) => steps.push(step));
    expect(steps.filter((step) => step.includes("command line"))).toEqual([
      "published the command line 1.1.0",
      "kept the command line 1.1.0",
    ]);
    expect([...deps.cli.versions]).toEqual([["1.1.0", Buffer.from("packed")]]);
  });

  it("throws CliVersionTaken before the first write for a published version with other bytes", async () => {
    const deps = open();
    await deps.cli.put("1.1.0", Buffer.from("packed"));
    const cli = { version: "1.1.0", read: async () => Buffer.from("other") };
    expect(await operateCodeOf(() => publish(deps, { estateText, code, cli }))).toBe("CliVersionTaken");
    expect([deps.files.lambdas.size, deps.registry.objects.size, deps.estates.versions]).toEqual([0, 0, []]);
  });

  it("keeps code and templates that are published already", async () => {
    const deps = open();
    await publish(deps, { estateText, code });
    const before = await deps.registry.index();
    const steps: string[] = [];
    await publish(deps, { estateText, code }, (step) => steps.push(step));
    expect(steps.slice(0, 2)).toEqual([
      expect.stringContaining("kept Lambda route"),
      expect.stringContaining("kept release template tiny 1.0.0"),
    ]);
    expect(await deps.registry.index()).toEqual(before);
  });

  it("names the templates that a second person has to confirm, and signs them as that person", async () => {
    const deps = open();
    await publish(deps, { estateText, code });
    const later = moduleOf("tiny", "1.1.0");
    const next = { ...refOf("tiny", "1.1.0", later), read: async () => later };
    const order = { estateText, code: { ...code, templates: [next] } };
    const steps: string[] = [];
    await publish(deps, order, (step) => steps.push(step));
    expect(steps).toContain(
      "Before a line can use it, a second person has to confirm it: kedge template confirm tiny@1.1.0",
    );
    await publish({ ...deps, modules: deps.as("AIDABOB") }, order);
    expect(await deps.registry.confirmed(next)).toBe(true);
    const { versions, publishers } = await deps.registry.index();
    expect([versions.length, publishers?.length]).toEqual([2, 2]);
  });

  it("writes nothing when the estate is malformed", async () => {
    const deps = open();
    expect(await codeOf(() => publish(deps, { estateText: "central: 1\n", code }))).toBe("EstateMalformed");
    expect([deps.files.lambdas.size, deps.registry.objects.size]).toEqual([0, 0]);
  });

  it("rejects a template whose bytes differ from its digest", async () => {
    const deps = open();
    const templates = [{ ...ref, read: async () => moduleOf("tiny", "1.0.0", "// changed") }];
    const attempt = () => publish(deps, { estateText, code: { ...code, templates } });
    expect(await codeOf(attempt)).toBe("TemplateUnavailable");
    expect((await deps.registry.index()).versions).toEqual([]);
  });

  it("shares the portfolio with the organization of the estate", async () => {
    const deps = open();
    deps.portfolio.create();
    await publish(deps, { estateText: organization, code });
    expect([...deps.portfolio.organizations]).toEqual(["o-a1b2c3d4e5"]);
  });

  it("throws PortfolioMissing when the account has no portfolio", async () => {
    expect(await operateCodeOf(() => publish(open(), { estateText: organization, code }))).toBe(
      "PortfolioMissing",
    );
  });
});
