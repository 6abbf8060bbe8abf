/** Classes, teams, pace, time to live and retention, as the estate file has them. */
import { describe, expect, it } from "vitest";
import { classOf, teamOf } from "#release/estate/branch-class.ts";
import { defaultClasses, defaultPace, defaultRetention } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { errorOf, shop } from "#test/release/samples.ts";

const minimal = `region: us-east-1
central: "101010101010"
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
`;
const estate = (more = "") => parseEstate(minimal + more);
const classesOf = (more: string, ...branches: readonly string[]) =>
  branches.map((branch) => classOf(estate(more), { branch }));

describe("an estate that says nothing of pace", () => {
  it("has plain defaults", () => {
    expect(estate()).toMatchObject({
      classes: defaultClasses,
      teams: [],
      pace: { releases: 50, hotfixes: 25, pipelines: 1000, ageingMinutes: 30 },
      ttlDays: {},
      retention: defaultRetention,
    });
  });

  it("knows hotfixes and the main branches by their usual names", () => {
    expect(classesOf("", "hotfix/1", "main", "master", "release/1.2", "feature/x", "hotfix")).toEqual([
      ...["hotfix", "main", "main", "main", "feature", "feature"],
    ]);
    expect(teamOf(estate(), shop)).toBeUndefined();
  });
});

describe("an estate with pace", () => {
  it("has the values of the file, and defaults for all others", () => {
    const { pace, ttlDays, retention } = estate(
      "pace: { releases: 5 }\nttlDays: { feature: 14 }\nretention: { artifactVersionsCount: 3 }\n",
    );
    expect(pace).toEqual({ ...defaultPace, releases: 5 });
    expect(estate("pace: { releases: 20, hotfixes: 7 }\n").pace).toMatchObject({ releases: 20, hotfixes: 7 });
    expect(ttlDays).toEqual({ feature: 14 });
    expect(retention).toEqual({ artifactVersionsDays: 365, artifactVersionsCount: 3 });
  });

  it("sorts branches by its own patterns, hotfixes first", () => {
    const classes = 'classes: { hotfix: ["fix/*", "!fix/later"], main: [trunk, "fix/**"] }\n';
    expect(classesOf(classes, "fix/1", "fix/later", "fix/a/b", "trunk", "main")).toEqual([
      ...["hotfix", "main", "main", "main", "feature"],
    ]);
  });

  it("gives an app to the first team with a matching pattern", () => {
    const teams = estate(
      'teams: { payments: { apps: ["pay-*"], concurrent: 2 }, all: { apps: ["*"], concurrent: 9 } }\n',
    );
    expect(["pay-in", "shop"].map((app) => teamOf(teams, { app }))).toEqual(["payments", "all"]);
  });

  it.each([
    [
      "a pattern of two classes",
      'classes:\n  main: [main, "hotfix/**"]\n',
      "line 9, column 16, classes.main[1]: hotfix/** is in the class hotfix and in the class main",
    ],
    [
      "a hotfix pattern that is main's by default",
      "classes: { hotfix: [main] }\n",
      "line 8, column 21, classes.hotfix[0]: main is in the class hotfix and in the class main",
    ],
    [
      "an app of two teams",
      "teams:\n  a: { apps: [x], concurrent: 1 }\n  b: { apps: [x], concurrent: 1 }\n",
      "line 10, column 15, teams.b.apps[0]: The apps x are a's already",
    ],
    [
      "a team with more than everybody",
      "teams: { a: { apps: [x], concurrent: 6 } }\npace: { releases: 5 }\n",
      "line 8, column 38, teams.a.concurrent: a may have 6 lines at work, but an anchor has 5 in all",
    ],
    ["no slot", "pace: { releases: 0 }\n", "pace.releases: Expected a whole number from 1 to 1000"],
    ["a class that is none", "ttlDays: { bugfix: 1 }\n", 'Unknown field "bugfix"'],
    ["a team without apps", "teams: { a: { apps: [], concurrent: 1 } }\n", "Expected at least 1 item"],
    ["no retention", "retention: { artifactVersionsDays: 0 }\n", "Expected a whole number from 1 to 3650"],
  ])("reports %s at its location", async (_, more, message) => {
    const error = await errorOf(() => estate(more));
    expect(error?.code).toBe("EstateMalformed");
    expect(error?.message).toContain(message);
  });
});
