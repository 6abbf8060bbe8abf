/**
 * Bundles an entry file of `lambdas/` with esbuild and splits the text into declarations. esbuild drops the
 * code that the entry cannot reach, strips the types and formats the rest in one way, so regular expressions
 * find the calls.
 */
import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

export type Declaration = {
  readonly name: string;
  /** The source file, relative to the root of the sources. */
  readonly file: string;
  readonly text: string;
};

export type SdkName = {
  /** IAM's name of the service. */
  readonly service: string;
  readonly command: string;
};

export type DoorSource = {
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** SDK classes and paginators by their local name. */
  readonly commands: ReadonlyMap<string, SdkName>;
};

export async function doorSource(door: string, root: string): Promise<DoorSource> {
  const { build } = await import("esbuild"); // The packed CLI has the table of calls and no esbuild.
  const { outputFiles } = await build({
    entryPoints: [door],
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node24",
    write: false,
    logLevel: "silent",
    plugins: [importsAtTheTop],
  });
  return readSource(outputFiles[0]?.text ?? "");
}

/**
 * A command imports a large module when it runs. esbuild would wrap such a module in a function, so the import moves to
 * the top of the file.
 */
const importsAtTheTop: Plugin = {
  name: "imports-at-the-top",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/bin\/(commands|input)\/.*\.ts$/ }, ({ path }) => {
      const found: string[] = [];
      const rest = readFileSync(path, "utf8").replaceAll(
        /const (\{[^}]*\}) = await import\(\s*("[^"]+"),?\s*\);/g,
        (_, names: string, from: string) => {
          found.push(`import ${names} from ${from};`);
          return "";
        },
      );
      return { contents: [...found, rest].join("\n"), loader: "ts" };
    }),
};

const starts = /^(?:async )?function\*? (\w+)|^var (\w+)/;

function readSource(text: string): DoorSource {
  const declarations = new Map<string, Declaration>();
  const commands = new Map<string, SdkName>();
  let file = "";
  let open: { name: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open) declarations.set(open.name, { name: open.name, file, text: open.lines.join("\n") });
    open = undefined;
  };
  for (const line of importsJoined(text)) {
    const [, declared, variable] = starts.exec(line) ?? [];
    const name = declared ?? variable;
    if (line.startsWith("// ")) {
      close();
      file = line.slice(3);
    } else if (line.startsWith("import ")) {
      close();
      for (const [alias, sdk] of sdkNames(line)) commands.set(alias, sdk);
    } else if (name !== undefined) {
      close();
      open = { name, lines: [line] };
    } else open?.lines.push(line);
  }
  close();
  return { declarations, commands };
}

/** IAM's names of services whose clients have another name. */
const iamNames: Readonly<Record<string, string>> = { "lib-storage": "s3", eventbridge: "events" };

/** `import { GetObjectCommand as GetObjectCommand2, paginateListStacks } from "@aws-sdk/client-s3";` */
function* sdkNames(line: string): Generator<readonly [alias: string, sdk: SdkName]> {
  const client = /"@aws-sdk\/(?:client-)?([a-z0-9-]+)"/.exec(line)?.[1];
  if (client === undefined) return;
  const service = iamNames[client] ?? client.replaceAll("-", "");
  for (const [, name = "", alias] of line.matchAll(/\b(\w+Command|paginate\w+|Upload)\b(?: as (\w+))?/g))
    yield [alias ?? name, { service, command: name.replace(/^paginate(\w+)$/, "$1Command") }];
}

/** Joins imports that span several lines. */
const importsJoined = (text: string): readonly string[] =>
  text.replace(/^import \{[^}]*\}/gm, (found) => found.replaceAll("\n", " ")).split("\n");

/** The names in a text, without members of objects. */
export const mentioned = (text: string): ReadonlySet<string> =>
  new Set(text.match(/(?<![.\w$])[A-Za-z_$][\w$]*(?![\w$:])/g) ?? []);

/** The text and the texts of all declarations that it reaches. */
export function closure(
  from: string,
  declarations: ReadonlyMap<string, Declaration>,
  inside: (declaration: Declaration) => boolean,
): string {
  const seen = new Set<string>();
  const texts: string[] = [];
  const visit = (text: string): void => {
    texts.push(text);
    for (const name of mentioned(text)) {
      const found = declarations.get(name);
      if (found === undefined || seen.has(name) || !inside(found)) continue;
      seen.add(name);
      visit(found.text);
    }
  };
  visit(from);
  return texts.join("\n");
}
