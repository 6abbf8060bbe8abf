/**
 * Reads which SDK commands a Lambda can send: it finds the port methods that the use cases call, and the
 * commands that the adapters send in them. An adapter's method without a caller does not count.
 */
import { closure, type Declaration, type DoorSource, mentioned, type SdkName } from "./source.ts";

export type PortCall = {
  /** The adapter, e.g. `lineCacheS3`. */
  readonly adapter: string;
  readonly method: string;
  readonly commands: readonly Sent[];
  /** The method handles "not found" as an answer. */
  readonly asksWhetherThere: boolean;
};

export type Sent = SdkName & { readonly arguments: string };

type Port = { readonly adapter: string; readonly methods: ReadonlyMap<string, string> };

const isDeps = ({ file }: Declaration): boolean => file.startsWith("lib/aws/deps-");
const isAdapter = (each: Declaration): boolean =>
  each.file.startsWith("lib/aws/") && !isDeps(each) && each.file !== "lib/aws/config.ts";

export function portCalls(source: DoorSource): readonly PortCall[] {
  const { declarations } = source;
  const all = [...declarations.values()];
  // The deps of the command line read the estate, so they are callers too.
  const code = all.filter((each) => !each.file.startsWith("lib/aws/") || isDeps(each));
  const ofAdapters = new Set(
    all.filter((each) => isAdapter(each) && hasMethods(each.text)).map(({ file }) => file),
  );
  return portsOf(all, declarations).flatMap(([name, { adapter, methods }]) => {
    const called = methodsCalled(name, code);
    const home = declarations.get(adapter)?.file;
    // An adapter uses its own file and helpers, and no other adapter.
    const inside = (each: Declaration): boolean =>
      isAdapter(each) && each.name !== adapter && (each.file === home || !ofAdapters.has(each.file));
    return [...methods]
      .filter(([method]) => called.has(method))
      .map(([method, text]) => ({
        adapter,
        method,
        commands: sentIn(closure(text, declarations, inside), source),
        asksWhetherThere: /isMissingObject|unlessMissing|provesMissing|readText\(/.test(text),
      }));
  });
}

/** False for a helper that returns an object of plain values. */
const hasMethods = (text: string): boolean =>
  [...membersOf(text).values()].some((body) =>
    /=>|^ *(?:async )?\*?\w+\([^)]*\) \{|^ *\w+,?$/.test(body.split("\n", 1)[0] ?? ""),
  );

/** The methods called on a port, under its own name and under the names of parameters that receive it. */
function methodsCalled(port: string, code: readonly Declaration[]): ReadonlySet<string> {
  const called = new Set<string>();
  const seen = new Set<string>();
  const follow = ({ name, text }: Declaration, as: string): void => {
    if (seen.has(`${name} ${as}`)) return;
    seen.add(`${name} ${as}`);
    for (const [, method] of text.matchAll(new RegExp(`\\b${as}\\.(\\w+)`, "g")))
      if (method) called.add(method);
    for (const [, callee, before = ""] of text.matchAll(new RegExp(`(\\w+)\\(([^()]*)\\b${as}[,)]`, "g"))) {
      const next = code.find((each) => each.name === callee);
      const parameters = /\(([^)]*)\)/.exec(next?.text ?? "")?.[1]?.split(",") ?? [];
      const parameter = parameters[before.split(",").length - 1]?.trim();
      if (next && parameter && /^\w+$/.test(parameter)) follow(next, parameter);
    }
  };
  for (const each of code) follow(each, `${port}\\d*`);
  return called;
}

/** The ports by their name in the use cases, as the files lib/aws/deps-*.ts create them. */
function portsOf(
  all: readonly Declaration[],
  declarations: ReadonlyMap<string, Declaration>,
): readonly (readonly [name: string, port: Port])[] {
  const adapters = new Map(all.filter(isAdapter).map((each) => [each.name, membersOf(each.text)]));
  const ports = new Map<string, Port>();
  const note = (name: string, made: string): void => {
    for (const adapter of mentioned(closure(made, declarations, isDeps))) {
      const methods = adapters.get(adapter);
      if (methods === undefined || methods.size === 0) continue;
      ports.set(name, { adapter, methods });
      return;
    }
  };
  for (const { name, text } of all.filter(isDeps)) {
    if (!/return \{/.test(text)) note(name.replace(/\d+$/, ""), text);
    for (const [, key = "", made = ""] of text.matchAll(
      /^ +(?:const )?(\w+)(?::| =) (\w+\((?:.|\n {6,})*)/gm,
    ))
      note(key, made);
    // `{ reviews: reviewsS3(…), people: peopleS3(…) }` on one line, and `results: () => resultsS3(…)`.
    for (const [, key = "", made = ""] of text.matchAll(/\b(\w+): (?:\(\) => )?(\w+)\(/g)) note(key, made);
    // `stacks: { remove: removeStack(…) }` is a port that the deps give one method only.
    for (const [, key = "", method = "", made = ""] of text.matchAll(/^ +(\w+): \{ (\w+): (\w+)\(/gm)) {
      const only = declarations.get(made);
      if (only) ports.set(key, { adapter: made, methods: new Map([[method, only.text]]) });
    }
  }
  return [...ports];
}

/**
 * The members of the object that an adapter returns, each with the local helpers in it. esbuild's layout
 * indents members one step deeper than the brace that opens the object.
 */
function membersOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n");
  const opening = lines.findIndex((each) => /^var .*=> \(\{$/.test(each) || /^ {2}return \{$/.test(each));
  if (opening < 0) return new Map();
  const depth = (/^ */.exec(lines[opening] ?? "")?.[0].length ?? 0) + 2;
  const members = blocks(
    lines.slice(opening + 1),
    new RegExp(`^ {${depth}}(?:async )?\\*?(\\w+)(?::|\\(|,|$)`),
  );
  const locals = blocks(lines.slice(1, opening), /^ {2}(?:const|let|async function|function) (\w+)/);
  return new Map(
    [...members].map(([name, body]) => {
      const names = mentioned(body);
      const helpers = [...locals].filter(([local]) => names.has(local)).map(([, each]) => each);
      return [name, [body, ...helpers].join("\n")];
    }),
  );
}

function blocks(lines: readonly string[], start: RegExp): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let name: string | undefined;
  for (const text of lines) {
    name = start.exec(text)?.[1] ?? name;
    if (name !== undefined) found.set(name, `${found.get(name) ?? ""}${text}\n`);
  }
  return found;
}

function sentIn(text: string, { commands }: DoorSource): readonly Sent[] {
  return [...text.matchAll(/(?:new )?(\w+)\(/g)].flatMap(({ 0: whole, 1: name = "", index }) => {
    const sdk = commands.get(name);
    return sdk === undefined ? [] : [{ ...sdk, arguments: argumentsAt(text, index + whole.length) }];
  });
}

/** The text up to the parenthesis that closes the call. */
function argumentsAt(text: string, from: number): string {
  let depth = 1;
  let at = from;
  for (; at < text.length && depth > 0; at++) depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
  return text.slice(from, at - 1);
}
