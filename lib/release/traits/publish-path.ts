/** Paths of the parameter store that an application may publish to. */
import { factNames, parseReferences } from "#release/document/references.ts";

const mostLevels = 15;
const longest = 900; // AWS counts the ARN's beginning into its 1011
const reserved = ["aws", "ssm", "kedge"];

/**
 * Returns the reason against publishing to the path, as a sentence; undefined if it is allowed. A reference
 * counts as one letter.
 */
export function publishPathProblem(path: string): string | undefined {
  const { pieces, problems } = parseReferences(path);
  if (problems[0] !== undefined) return problems[0];
  const foreign = pieces.find(({ kind }) => kind === "ssm" || kind === "secret");
  if (foreign !== undefined) {
    return `A published path may refer to ${factNames.map((name) => `\${${name}}`).join(", ")} only.`;
  }
  return plainPathProblem(pieces.map((piece) => (piece.kind === "text" ? piece.text : "x")).join(""), path);
}

/** The same for a path whose references were resolved. */
export function plainPathProblem(plain: string, shown = plain): string | undefined {
  const levels = plain.split("/").slice(1);
  const [first = ""] = levels;
  if (!plain.startsWith("/") || levels.includes("")) {
    return `${shown} is not a path: expected a slash at the begin, and a name after each slash.`;
  }
  if (!/^[A-Za-z0-9_./-]+$/.test(plain)) {
    return `${shown} is not a path: expected letters, digits, hyphens, dots and underscores only.`;
  }
  const owner = reserved.find((name) => first.toLowerCase().startsWith(name));
  if (owner !== undefined && (owner !== "kedge" || first.toLowerCase() === owner)) {
    return `${shown} is not a path of the application: paths that begin with /${owner} belong to ${owner === "kedge" ? "Kedge" : "AWS"}.`;
  }
  if (levels.length > mostLevels) return `${shown} has ${levels.length} levels; ${mostLevels} are allowed.`;
  return plain.length > longest
    ? `${shown} has ${plain.length} characters; ${longest} are allowed.`
    : undefined;
}
