/** Holds the forms that leave for AWS equal: templates, pipelines, messages, objects and calls. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, it } from "vitest";
import { deployEstate } from "./deployed-estate.ts";
import { accountsOf, bundlesIn, synthesized, type Templates } from "./forms.ts";
import { sentFor, sortedByKind, type Traffic } from "./kinds.ts";
import { namesIn } from "./names.ts";
import { expectRecorded } from "./print.ts";
import { samples, templateNames } from "./recorded-names.ts";
import { playSamples } from "./samples.ts";
import { scenes } from "./scenes.ts";
import type { Sent } from "./sent.ts";
import { createSpy } from "./spy.ts";
import { openEstate, type WiredEstate } from "./wired-estate.ts";

type Played = {
  readonly templates: Templates;
  readonly traffic: Traffic;
  readonly bySample: ReadonlyMap<string, readonly Sent[]>;
  readonly versions: ReadonlySet<string>;
  readonly orphans: unknown;
  readonly templateCalls: unknown;
};

async function play(): Promise<Played> {
  const estateText = readFileSync("test/wire/estate.yml", "utf8");
  const work = mkdtempSync(join(tmpdir(), "kedge-wire-"));
  try {
    const accounts = accountsOf(estateText);
    const spy = createSpy();
    const bundles = bundlesIn(work, spy);
    const templates = synthesized(accounts, bundles, work);
    const deployed = await deployEstate({ accounts, estateText, templates, bundles });
    const sent: Sent[] = [...deployed.sent];
    const versions = new Set<string>();
    const inEstate = async <Answer>(scene: (estate: WiredEstate) => Promise<Answer>) => {
      await using estate = await openEstate(deployed);
      const answer = await scene(estate);
      for (const version of estate.versions) versions.add(version);
      return { answer, sent: estate.sent };
    };
    const answers: Record<string, unknown> = {};
    for (const [name, scene] of Object.entries(scenes)) {
      const played = await inEstate((estate) => scene(estate, estateText));
      answers[name] = played.answer;
      sent.push(...played.sent);
    }
    const { answer: bySample } = await inEstate(playSamples);
    const others = [...bySample.values()].flat().filter(({ operation }) => operation !== "PutObject");
    const traffic = sortedByKind([...sent, ...others], versions);
    return { templates, traffic, bySample, versions, orphans: answers["orphans"], templateCalls: spy.seen() };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

let played: Played;
beforeAll(async () => {
  played = await play();
}, 300_000);

describe("the synthesizer", () => {
  it.each(templateNames)("keeps the template of %s as recorded", async (name) => {
    await expectRecorded(withoutDigests(played.templates[name]), `template.${name}`);
  });

  it("keeps the names of roles, functions, queues, rules, alarms, variables and tags as recorded", async () => {
    const names = templateNames.map((name) => [name, namesIn(played.templates[name])] as const);
    await expectRecorded(withoutDigests(Object.fromEntries(names)), "names");
  });
});

/** Published files bear a digest of their content in their names. */
const withoutDigests = (template: object): unknown =>
  JSON.parse(
    JSON.stringify(template)
      .replace(/\b[0-9a-f]{64}\b/g, "<digest>")
      .replace(/"[0-9a-f]{12}"/g, (text) => (/^"\d{12}"$/.test(text) ? text : '"<digest>"')),
  );

describe("the product", () => {
  it.each(["messages", "results", "objects", "calls"] as const)(
    "keeps the %s that are sent as recorded",
    async (kind) => {
      await expectRecorded(played.traffic[kind], kind);
    },
  );

  it("keeps the answers of kedge-sweep as recorded", async () => {
    await expectRecorded(played.orphans, "sweep");
  });

  it("keeps the arguments and answers of release templates as recorded", async () => {
    await expectRecorded(played.templateCalls, "release-template-calls");
  });
});

describe("a sample application", () => {
  it.each(samples)("keeps the pipeline of $example as recorded", async ({ example }) => {
    const { pipeline } = sentFor(played.bySample.get(example) ?? [], played.versions);
    await expectRecorded(pipeline, `pipeline.${example}`);
  });

  it.each(samples)(
    "keeps the documents that the pipeline of $example hands on as recorded",
    async ({ example }) => {
      const { documents } = sentFor(played.bySample.get(example) ?? [], played.versions);
      await expectRecorded(documents, `documents.${example}`);
    },
  );
});
