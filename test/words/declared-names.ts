/**
 * Finds the names a file declares: functions, types, variables, parameters, properties of types and the file itself.
 * A use of a name does not count. `import { a }` and `const { a } = b` take the name from its declaration, so they are uses.
 * A property of an object literal counts when its value is a function, because such a literal is often the only declaration.
 */
import { basename } from "node:path";
import { type Node, Visitor } from "oxc-parser";
import type { ParsedFile } from "./parsed-file.ts";

type DeclaredName = { readonly name: string; readonly line: number };

type Keyed = { readonly key: Node; readonly computed: boolean };
type Callable = { readonly id?: Node | null; readonly params: readonly Node[] };

export function declaredNames({ path, program, lineAt }: ParsedFile): readonly DeclaredName[] {
  const names: DeclaredName[] = [{ name: basename(path).replace(/\..*$/, ""), line: 1 }];
  const declare = (node: Node | null | undefined): void => {
    for (const { name, start } of bindings(node)) names.push({ name, line: lineAt(start) });
  };
  const key = (node: Keyed): void => {
    if (!node.computed) declare(node.key);
  };
  const callable = ({ id, params }: Callable): void => {
    declare(id);
    params.forEach(declare);
  };
  const named = ({ id }: { readonly id: Node | null }): void => declare(id);
  new Visitor({
    VariableDeclarator: named,
    ClassDeclaration: named,
    TSTypeAliasDeclaration: named,
    TSInterfaceDeclaration: named,
    FunctionDeclaration: callable,
    FunctionExpression: callable,
    ArrowFunctionExpression: callable,
    TSFunctionType: callable,
    TSMethodSignature(node) {
      key(node);
      callable(node);
    },
    TSPropertySignature: key,
    PropertyDefinition: key,
    MethodDefinition: key,
    TSTypeParameter: ({ name }) => declare(name),
    TSNamedTupleMember: ({ label }) => declare(label),
    CatchClause: ({ param }) => declare(param),
    ImportNamespaceSpecifier: ({ local }) => declare(local),
    ImportSpecifier({ imported, local }) {
      if (imported.type !== "Identifier" || imported.name !== local.name) declare(local);
    },
    Property(node) {
      if (/Function/.test(node.value.type)) key(node);
    },
  }).visit(program);
  return names;
}

type Binding = { readonly name: string; readonly start: number };

/** Gives the names that a pattern binds. A shorthand takes its name from the type of the value. */
function bindings(node: Node | null | undefined): readonly Binding[] {
  switch (node?.type) {
    case "Identifier":
      return [node];
    case "ObjectPattern":
      return node.properties.flatMap((each): readonly Binding[] => {
        if (each.type === "RestElement") return bindings(each.argument);
        return each.shorthand ? [] : bindings(each.value);
      });
    case "ArrayPattern":
      return node.elements.flatMap(bindings);
    case "AssignmentPattern":
      return bindings(node.left);
    case "RestElement":
      return bindings(node.argument);
    case "TSParameterProperty":
      return bindings(node.parameter);
    default:
      return [];
  }
}
