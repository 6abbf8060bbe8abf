/**
 * Notes the calls of release templates. A published module outlives the Lambda functions that load it, so the names in
 * its arguments and answers are a wire form, although they never leave the process.
 */

type Template = Readonly<Record<string, unknown>>;

export type Spy = {
  /** The source of a module that exports the template, as the registry keeps modules. */
  readonly moduleOf: (name: string, template: Template) => string;
  /** By function: the paths of the names in its arguments and its answers. */
  readonly seen: () => Readonly<Record<string, readonly string[]>>;
};

/** Deeper names are fields of documents that have recorded files of their own. */
const deepest = 3;

const shelfName = "kedge.test.wire";

export function createSpy(): Spy {
  const shelf = new Map<string, Template>();
  (globalThis as Record<symbol, unknown>)[Symbol.for(shelfName)] = shelf;
  const seen = new Map<string, Set<string>>();
  const note = (title: string, value: unknown): void => {
    const paths = seen.get(title) ?? new Set();
    seen.set(title, paths);
    for (const path of pathsIn(value, "", deepest)) paths.add(path);
  };
  const noting =
    (name: string, work: (...given: readonly unknown[]) => unknown) =>
    (...given: readonly unknown[]): unknown => {
      note(`${name} is given`, given.length === 1 ? given[0] : given);
      const answer = work(...given);
      if (!(answer instanceof Promise)) note(`${name} answers`, answer);
      else answer.then((settled) => note(`${name} answers`, settled)).catch(() => undefined);
      return answer;
    };
  return {
    moduleOf: (name, template) => {
      const fields = Object.entries(template).map(([field, value]) => [
        field,
        typeof value === "function" ? noting(field, value.bind(template)) : value,
      ]);
      shelf.set(name, Object.fromEntries(fields) as Template);
      return `export const template = globalThis[Symbol.for("${shelfName}")].get("${name}");\n`;
    },
    seen: () =>
      Object.fromEntries(
        [...seen]
          .map(([title, paths]) => [title, [...paths].sort()] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}

function pathsIn(value: unknown, path: string, depth: number): readonly string[] {
  const own = path === "" ? [] : [path];
  if (typeof value === "function") return [`${path}()`];
  if (typeof value !== "object" || value === null || depth === 0 || ArrayBuffer.isView(value)) return own;
  const inner = Array.isArray(value)
    ? value.flatMap((item) => pathsIn(item, `${path}[]`, depth))
    : Object.entries(value).flatMap(([name, item]) =>
        pathsIn(item, path === "" ? name : `${path}.${name}`, depth - 1),
      );
  return inner.length === 0 ? own : inner;
}
