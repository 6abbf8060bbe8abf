/** Reads one TypeScript file with a real parser: its imports in every spelling, and its uses of the globals that the table knows. */
import { type EcmaScriptModule, parseSync, visitorKeys } from "oxc-parser";
import { type Access, type Effect, globalNames } from "./globals.ts";
import { isNode, type Node, namesDeclaredBy, type Scope } from "./scopes.ts";

/** One import, in whatever form the file writes it. */
interface Import {
  /** The text between the quotes; undefined when the file computes it. */
  readonly specifier: string | undefined;
  /** The names taken from the module; `*` and `default` stand for the whole module. */
  readonly names: readonly string[];
  readonly line: number;
}

/** One use of a global that has an effect or reads one. */
interface GlobalUse {
  readonly effect: Effect;
  readonly name: string;
  readonly line: number;
}

/** A name that the file itself declares and exports. */
interface Export {
  readonly name: string;
  readonly line: number;
}

export interface Source {
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
  readonly globals: readonly GlobalUse[];
}

/** Parses `text`. A file that does not parse is an error: the rules must not pass over it. */
export function readSource(file: string, text: string): Source {
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0)
    throw new SyntaxError(
      `${file} does not parse: ${parsed.errors.map(({ message }) => message).join("; ")}`,
    );
  const lineOf = lineCounter(text);
  const imports = staticImports(parsed.module, lineOf);
  const exports = parsed.module.staticExports.flatMap(({ start, entries }) =>
    entries
      .filter(({ moduleRequest }) => !moduleRequest)
      .map(({ exportName }) => ({ name: exportName.name ?? "default", line: lineOf(start) })),
  );
  const globals: GlobalUse[] = [];
  if (!needsWalk(text, parsed.module)) return { imports, exports, globals };
  walk(parsed.program as unknown as Node, undefined, false, [], (node, parent, inType, scopes) => {
    const specifier = importedBy(node);
    if (specifier !== undefined)
      imports.push({ specifier: specifier ?? undefined, names: ["*"], line: lineOf(node.start) });
    const use = inType ? undefined : globalUse(node, parent, scopes);
    if (use !== undefined) globals.push({ ...use, line: lineOf(node.start) });
  });
  return { imports, exports, globals };
}

function staticImports(module: EcmaScriptModule, lineOf: (at: number) => number): Import[] {
  const imports: Import[] = module.staticImports.map((one) => ({
    specifier: one.moduleRequest.value,
    names: one.entries.map(
      ({ importName }) => importName.name ?? (importName.kind === "Default" ? "default" : "*"),
    ),
    line: lineOf(one.start),
  }));
  for (const one of module.staticExports)
    for (const entry of one.entries)
      if (entry.moduleRequest)
        imports.push({
          specifier: entry.moduleRequest.value,
          names: [entry.importName.name ?? "*"],
          line: lineOf(one.start),
        });
  return imports;
}

/** The walk takes most of the time, so it runs only where an import is not yet accounted for or a name of the list occurs. */
function needsWalk(text: string, module: EcmaScriptModule): boolean {
  const known = module.staticImports.length + module.importMetas.length;
  const written = text.match(/\bimport\b/g)?.length ?? 0;
  return written > known || module.importMetas.length > 0 || suspicious.test(text);
}

const suspicious = new RegExp(`\\b(require|${[...globalNames.keys()].join("|")})\\b`);

/** The specifier that `import()`, `require()`, `import x = require()` or `import("x").T` names; null when it is computed. */
function importedBy(node: Node): string | null | undefined {
  switch (node.type) {
    case "ImportExpression":
    case "TSImportType":
      return literal(node["source"] ?? node["argument"]);
    case "TSExternalModuleReference":
      return literal(node["expression"]);
    case "CallExpression": {
      const callee = node["callee"];
      const [first] = node["arguments"] as unknown[];
      return isNode(callee) && callee.type === "Identifier" && callee["name"] === "require"
        ? literal(first)
        : undefined;
    }
    default:
      return undefined;
  }
}

function literal(value: unknown): string | null {
  if (!isNode(value)) return null;
  if (value.type === "TSLiteralType") return literal(value["literal"]);
  if (value.type === "Literal" && typeof value["value"] === "string") return value["value"];
  if (value.type !== "TemplateLiteral") return null;
  const [only, ...more] = value["quasis"] as { value: { cooked: string } }[];
  return more.length === 0 && only !== undefined ? only.value.cooked : null;
}

/** An identifier of the list, where it is read as a value and no local has its name. */
function globalUse(
  node: Node,
  parent: Node | undefined,
  scopes: readonly Scope[],
): Omit<GlobalUse, "line"> | undefined {
  if (node.type === "MetaProperty" && isNode(node["meta"]) && node["meta"]["name"] === "import")
    return { effect: "process", name: "import.meta" };
  if (node.type !== "Identifier" || parent === undefined) return undefined;
  const name = node["name"] as string;
  const known = globalNames.get(name);
  if (known === undefined || namesOnly(node, parent) || scopes.some((scope) => scope.has(name)))
    return undefined;
  const effect = known.effect(accessOf(node, parent));
  return effect === undefined ? undefined : { effect, name };
}

/** A key, a member's name or an export's new name; it reads no global. */
function namesOnly(node: Node, parent: Node): boolean {
  const computed = parent["computed"] === true;
  switch (parent.type) {
    case "MemberExpression":
      return parent["property"] === node && !computed;
    case "Property":
      return parent["key"] === node && !computed && parent["shorthand"] !== true;
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent["key"] === node && !computed;
    case "ImportSpecifier":
    case "MetaProperty":
      return true;
    case "ExportSpecifier":
      return parent["local"] !== node;
    default:
      return false;
  }
}

function accessOf(node: Node, parent: Node): Access {
  if (parent.type === "MemberExpression" && parent["object"] === node) {
    const property = parent["property"] as Node;
    const name = parent["computed"] === true ? literal(property) : (property["name"] as string);
    return name === null ? {} : { member: name };
  }
  if (parent.type === "NewExpression" && parent["callee"] === node) {
    const given = parent["arguments"] as Node[];
    return given.some(({ type }) => type === "SpreadElement") ? {} : { constructedWith: given.length };
  }
  return parent.type === "BinaryExpression" && parent["operator"] === "instanceof" ? { tested: true } : {};
}

type Visit = (node: Node, parent: Node | undefined, inType: boolean, scopes: readonly Scope[]) => void;

/** Visits each node with the scopes that enclose it. A name of a type position is no value. */
function walk(
  node: Node,
  parent: Node | undefined,
  inType: boolean,
  outer: readonly Scope[],
  visit: Visit,
): void {
  const own = namesDeclaredBy(node);
  const scopes = own.size === 0 ? outer : [...outer, own];
  visit(node, parent, inType, scopes);
  const types = inType || (node.type.startsWith("TS") && !isNode(node["expression"]));
  for (const key of visitorKeys[node.type] ?? [])
    for (const child of [node[key]].flat())
      if (isNode(child)) walk(child, node, types || key === "typeAnnotation", scopes, visit);
}

function lineCounter(text: string): (at: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => starts.findLastIndex((start) => start <= at) + 1;
}
