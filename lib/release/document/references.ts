/**
 * References in values: `${ssm:/path}`, `${secret:name}`, and facts such as `${env}`. The Prepare action of
 * an environment resolves them. `$${` stands for a plain `${`.
 */

/** Facts about a target that need no call to AWS. */
export const factNames = ["env", "account", "region", "tenant", "branch", "app"] as const;
export type FactName = (typeof factNames)[number];

/** A parameter of the target's parameter store; of no version, the newest. */
export type ParameterReference = { readonly kind: "ssm"; readonly name: string; readonly version?: string };
/** A secret of the target's Secrets Manager: one key of it, or its whole text. */
export type SecretReference = { readonly kind: "secret"; readonly name: string; readonly key?: string };
type FactReference = { readonly kind: "fact"; readonly name: FactName };
export type Reference = ParameterReference | SecretReference | FactReference;

type Piece = { readonly kind: "text"; readonly text: string } | Reference;

type ParsedText = { readonly pieces: readonly Piece[]; readonly problems: readonly string[] };

const sign = /\$\$\{|\$\{([^}]*)(\})?/g;
const parameter = /^ssm:([A-Za-z0-9_.\-/]+)(?::([1-9]\d*))?$/;
const secret = /^secret:([A-Za-z0-9/_+=.@-]+)(?::([^:{}\s]+))?$/;
const forms = ["ssm:/path", "ssm:/path:version", "secret:name", "secret:name:key", ...factNames];

/** Each problem is a sentence. */
export function parseReferences(text: string): ParsedText {
  if (!text.includes("${")) return { pieces: text === "" ? [] : [{ kind: "text", text }], problems: [] };
  const pieces: Piece[] = [];
  const problems: string[] = [];
  let at = 0;
  const literal = (end: number, more = ""): void => {
    const plain = text.slice(at, end) + more;
    if (plain !== "") pieces.push({ kind: "text", text: plain });
  };
  for (const match of text.matchAll(sign)) {
    const [whole, body = "", closed] = match;
    const escaped = whole === "$${";
    literal(match.index, escaped ? "${" : "");
    at = match.index + whole.length;
    if (escaped) continue;
    const reference = closed === undefined ? undefined : referenceOf(body);
    if (reference !== undefined) pieces.push(reference);
    else problems.push(unknown(whole));
  }
  literal(text.length);
  return { pieces, problems };
}

function referenceOf(body: string): Reference | undefined {
  const [, name, version] = parameter.exec(body) ?? [];
  if (name !== undefined) return { kind: "ssm", name, ...(version !== undefined && { version }) };
  const [, id, key] = secret.exec(body) ?? [];
  if (id !== undefined) return { kind: "secret", name: id, ...(key !== undefined && { key }) };
  const fact = factNames.find((each) => each === body);
  return fact === undefined ? undefined : { kind: "fact", name: fact };
}

const unknown = (seen: string): string =>
  `${seen} is not a reference; expected one of ${forms.map((form) => `\${${form}}`).join(", ")}. Write $\${ for a plain \${.`;

/** Replaces each reference of the text by the result of `resolve`. */
export const resolveReferences = (text: string, resolve: (reference: Reference) => string): string =>
  parseReferences(text)
    .pieces.map((piece) => (piece.kind === "text" ? piece.text : resolve(piece)))
    .join("");
