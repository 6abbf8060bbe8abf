/** Tests the publication of estates by signatures, over a registry in memory. */
import { describe, expect, it } from "vitest";
import { publishEstate } from "#journey/publish-estate.ts";
import { proposeEstate, waitingEstate } from "#operate/publish-estate.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { peopleOf } from "#release/names/signer.ts";
import { operateCodeOf } from "#test/operate/operate-code.ts";
import { memoryEstateRegistry } from "#test/support/fakes/estate-registry.ts";

const central = "101010101010";
const gated = `region: us-east-1
central: "${central}"
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: prod, account: "444444444444", order: 1, branches: [main], approval: true }
`;
const open = gated.replace("approval: true", "approval: false");
const digest = sha256Hex(open);

function registry() {
  const held = memoryEstateRegistry();
  const deps = { publication: held.publication, central };
  const as = (userId: string) => held.proposalsOf(userId, (wanted) => publishEstate(deps, wanted));
  return { ...held, deps, ann: as("AIDAANN"), ben: as("AIDABEN") };
}

describe("publishEstate", () => {
  it("publishes the first estate for one person", async () => {
    const { ann, versions } = registry();
    expect((await proposeEstate(ann, open)).state).toBe("published");
    expect(versions.map(({ text, people }) => [text, people.length])).toEqual([[open, 1]]);
  });

  it("keeps an estate that is published already", async () => {
    const { ann, ben, versions } = registry();
    await proposeEstate(ann, gated);
    expect((await proposeEstate(ben, gated)).state).toBe("kept");
    expect(versions).toHaveLength(1);
  });

  it("waits for a second person when a gate is loosened", async () => {
    const { ann, ben, versions } = registry();
    await proposeEstate(ann, gated);
    expect((await proposeEstate(ann, open)).state).toBe("waits");
    expect((await proposeEstate(ann, open)).state).toBe("waits");
    expect((await waitingEstate(ben, digest)).loosenings).toHaveLength(1);
    expect((await proposeEstate(ben, open)).state).toBe("published");
    expect(versions.at(-1)).toMatchObject({ text: open, people: [expect.any(String), expect.any(String)] });
  });

  it("counts no signature for another base, so that a proposal ends with the next publication", async () => {
    const { ann, ben, versions } = registry();
    await proposeEstate(ann, gated);
    await proposeEstate(ann, open);
    await proposeEstate(ann, `${gated}# another text\n`);
    expect(await operateCodeOf(() => waitingEstate(ben, digest))).toBe("ProposalMissing");
    expect((await proposeEstate(ben, open)).state).toBe("waits");
    expect(versions).toHaveLength(2);
  });

  it("counts no signature whose text has another digest than its name", async () => {
    const { ann, ben, deps, objects } = registry();
    await proposeEstate(ann, gated);
    await proposeEstate(ann, open);
    const key = [...objects.keys()].find((each) => each.includes(digest)) ?? "";
    objects.set(key.replace("AIDAANN", "AIDABEN"), gated);
    expect((await publishEstate(deps, digest)).state).toBe("waits");
    expect((await proposeEstate(ben, open)).state).toBe("published");
  });

  it("asks for a second person when this version cannot read the published estate", async () => {
    const { ann, ben, versions } = registry();
    versions.push({ text: "of: another time\n", people: [] });
    expect(await proposeEstate(ann, open)).toMatchObject({
      state: "waits",
      loosenings: [{ setting: "estate" }],
    });
    expect((await proposeEstate(ben, open)).state).toBe("published");
  });

  it("refuses a malformed estate and the estate of another central account", async () => {
    const { ann } = registry();
    expect(await operateCodeOf(() => proposeEstate(ann, "central: 1\n"))).toBe("EstateRefused");
    const other = open.replace(central, "202020202020");
    expect(await operateCodeOf(() => proposeEstate(ann, other))).toBe("EstateRefused");
  });

  it("answers that another estate came first, and publishes nothing", async () => {
    const { ann, deps, versions, publication } = registry();
    await proposeEstate(ann, gated);
    const racing = {
      ...deps,
      publication: {
        ...publication,
        proposal: async (...order: Parameters<typeof publication.proposal>) => {
          if (versions.length === 1) versions.push({ text: `${gated}# first\n`, people: [] });
          return publication.proposal(...order);
        },
      },
    };
    const tight = gated.replace("[main]", "[main, '!main']");
    await ann.sign("version-1", sha256Hex(tight), tight);
    expect(await publishEstate(racing, sha256Hex(tight))).toEqual({ state: "overtaken" });
    expect(versions).toHaveLength(2);
  });
});

describe("peopleOf", () => {
  it.each([
    [["principal/AIDAX", "principal/AIDAY"], 2],
    [["principal/AROAX:one", "principal/AROAX:two"], 1],
    [["sso/AROAX:ann@example.com", "sso/AROAX:ben@example.com"], 2],
    [["sso/AROAX:ann@example.com", "principal/AROAX:ann@example.com"], 1],
    [["principal/101010101010"], 1],
  ])("counts %j as %i", (paths, count) => {
    const signers = paths.map((path) => {
      const [kind, userId = ""] = path.split("/");
      return { kind: kind === "sso" ? ("sso" as const) : ("principal" as const), userId };
    });
    expect(peopleOf(signers)).toHaveLength(count);
  });
});
