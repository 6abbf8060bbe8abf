/**
 * Finds the titles of tests in a file: the first argument of `it`, `test` and their variants from vitest.
 * A title that is one placeholder gets its words from the rows of its table, so each row's text is a title instead.
 * Titles of `describe` are nouns and are not read.
 */
import { type Argument, type Expression, type Node, Visitor } from "oxc-parser";
import type { ParsedFile } from "./parsed-file.ts";

type Title = { readonly text: string; readonly line: number };

export function titlesIn(file: ParsedFile): readonly Title[] {
  if (!file.code.includes('"vitest"')) return [];
  const testers = new Set<string>();
  const tables = new Map<string, Expression>();
  const titles: Title[] = [];
  const title = (text: string, { start }: Node): void => void titles.push({ text, line: file.lineAt(start) });
  new Visitor({
    ImportDeclaration({ source, specifiers }) {
      if (source.value !== "vitest") return;
      for (const each of specifiers)
        if (each.type === "ImportSpecifier" && /^(?:it|test)$/.test(nameOf(each.imported)))
          testers.add(each.local.name);
    },
    VariableDeclarator({ id, init }) {
      if (id.type === "Identifier" && init) tables.set(id.name, init);
    },
    CallExpression({ callee, arguments: [first] }) {
      const tester = testerOf(callee);
      if (tester === undefined || !testers.has(tester.name) || tester.takesTable || first === undefined)
        return;
      const text = textOf(first);
      if (text === undefined) return;
      const rows = /^(?:%\S|\$[\w.]+)$/.test(text) ? rowsOf(tester.table, tables) : undefined;
      if (rows === undefined) return title(text, first);
      for (const row of rows) {
        const cell = cellOf(row, text);
        title((cell && textOf(cell)) ?? text, cell ?? first);
      }
    },
  }).visit(file.program);
  return titles;
}

/** Gives `it` for `it`, `it.concurrent`, `it.skipIf(x)` and `it.each(table)`. `takesTable`: the call gives the table only. */
function testerOf(
  callee: Expression,
): { readonly name: string; readonly takesTable: boolean; readonly table?: Argument } | undefined {
  switch (callee.type) {
    case "Identifier":
      return { name: callee.name, takesTable: false };
    case "MemberExpression": {
      const { object, property } = callee;
      const tester = testerOf(object);
      const takesTable =
        property.type === "Identifier" && /^(?:each|for|skipIf|runIf|extend)$/.test(property.name);
      return tester && { ...tester, takesTable };
    }
    case "CallExpression": {
      const tester = testerOf(callee.callee);
      const table = callee.arguments[0];
      return tester && { ...tester, takesTable: false, ...(table && { table }) };
    }
    case "TaggedTemplateExpression": {
      const tester = testerOf(callee.tag);
      return tester && { ...tester, takesTable: false };
    }
    default:
      return undefined;
  }
}

/** Joins the fixed words of a template literal. Each expression becomes the placeholder `%s`. */
function textOf(node: Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral")
    return node.quasis.map(({ value }) => value.cooked ?? value.raw).join("%s");
  return undefined;
}

function rowsOf(
  table: Node | undefined,
  tables: ReadonlyMap<string, Expression>,
): readonly Node[] | undefined {
  switch (table?.type) {
    case "ArrayExpression":
      return table.elements.flatMap((element) => element ?? []);
    case "Identifier": {
      const declared = tables.get(table.name);
      return declared?.type === "Identifier" ? undefined : rowsOf(declared, tables);
    }
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return rowsOf(table.expression, tables);
    default:
      return undefined;
  }
}

/** Gives the cell of a row that `%s` or `$name` shows. */
function cellOf(row: Node, placeholder: string): Node | undefined {
  if (row.type === "ArrayExpression") return row.elements[0] ?? undefined;
  if (row.type !== "ObjectExpression") return row;
  for (const property of row.properties)
    if (property.type === "Property" && `$${nameOf(property.key)}` === placeholder) return property.value;
  return undefined;
}

const nameOf = (node: Node): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : "";
