/**
 * A door's code as one text, cut into its declarations. esbuild has thrown away what the door cannot reach, stripped the
 * types and laid out the rest in one way, so that a little reading finds what calls what.
 */
import { build } from "esbuild";

export type Declaration = {
  readonly name: string;
  /** The file it comes from, from the root of the sources. */
  readonly file: string;
  readonly text: string;
};

export type DoorSource = {
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** SDK classes by the name they are called here. */
  readonly commands: ReadonlyMap<string, string>;
};

export async function doorSource(door: string, root: string): Promise<DoorSource> {
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
  });
  return readSource(outputFiles[0]?.text ?? "");
}

const starts = /^(?:async )?function\*? (\w+)|^var (\w+)/;

function readSource(text: string): DoorSource {
  const declarations = new Map<string, Declaration>();
  const commands = new Map<string, string>();
  let file = "";
  let open: { name: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open) declarations.set(open.name, { name: open.name, file, text: open.lines.join("\n") });
    open = undefined;
  };
  for (const text_ of importsJoined(text)) {
    const [, declared, variable] = starts.exec(text_) ?? [];
    const name = declared ?? variable;
    if (text_.startsWith("// ")) {
      close();
      file = text_.slice(3);
    } else if (text_.startsWith("import ")) {
      close();
      if (!text_.includes("@aws-sdk/")) continue;
      for (const [, original, alias] of text_.matchAll(/(\w+Command|Upload)(?: as (\w+))?/g))
        if (original !== undefined) commands.set(alias ?? original, original);
    } else if (name !== undefined) {
      close();
      open = { name, lines: [text_] };
    } else open?.lines.push(text_);
  }
  close();
  return { declarations, commands };
}

/** Imports may run over several lines. */
const importsJoined = (text: string): readonly string[] =>
  text.replace(/^import \{[^}]*\}/gm, (found) => found.replaceAll("\n", " ")).split("\n");

/** The names a text mentions. */
export const mentioned = (text: string): ReadonlySet<string> =>
  new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);

/** The text of a declaration and of all it leads to. */
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
