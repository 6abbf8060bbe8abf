/** The names that one node of a syntax tree declares for the nodes within it, so that a local called `self` is no global. */

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

export type Scope = ReadonlySet<string>;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

const nodesIn = (value: unknown): Node[] => [value].flat().filter(isNode);

export function namesDeclaredBy(node: Node): Scope {
  return new Set(patternsOf(node).flatMap(namesOf));
}

function patternsOf(node: Node): Node[] {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return nodesIn(node["body"]).flatMap(declared);
    case "SwitchStatement":
      return nodesIn(node["cases"]).flatMap((one) => nodesIn(one["consequent"]).flatMap(declared));
    case "ArrowFunctionExpression":
    case "FunctionDeclaration":
    case "FunctionExpression":
      return [...nodesIn(node["params"]), ...nodesIn(node["id"])];
    case "CatchClause":
      return nodesIn(node["param"]);
    case "ForStatement":
      return nodesIn(node["init"]).flatMap(declared);
    case "ForOfStatement":
    case "ForInStatement":
      return nodesIn(node["left"]).flatMap(declared);
    default:
      return [];
  }
}

/** What one statement declares in its block. */
function declared(statement: Node): Node[] {
  switch (statement.type) {
    case "VariableDeclaration":
      return nodesIn(statement["declarations"]).flatMap((one) => nodesIn(one["id"]));
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return nodesIn(statement["id"]);
    case "ImportDeclaration":
      return nodesIn(statement["specifiers"]).flatMap((one) => nodesIn(one["local"]));
    case "ExportNamedDeclaration":
      return nodesIn(statement["declaration"]).flatMap(declared);
    default:
      return [];
  }
}

/** The names that a pattern such as `{ a, b: [c = 1], ...rest }` binds. */
function namesOf(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern["name"] as string];
    case "ObjectPattern":
      return nodesIn(pattern["properties"]).flatMap((one) =>
        nodesIn(one.type === "RestElement" ? one["argument"] : one["value"]).flatMap(namesOf),
      );
    case "ArrayPattern":
      return nodesIn(pattern["elements"]).flatMap(namesOf);
    case "AssignmentPattern":
      return nodesIn(pattern["left"]).flatMap(namesOf);
    case "RestElement":
      return nodesIn(pattern["argument"]).flatMap(namesOf);
    case "TSParameterProperty":
      return nodesIn(pattern["parameter"]).flatMap(namesOf);
    default:
      return [];
  }
}
