/** Writes completion scripts for bash, zsh and fish from the commands and options that commander knows. */
import type { Command } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

type Named = { readonly name: string; readonly description: string };
type Option = Named & { readonly takesValue: boolean; readonly choices: readonly string[] };

/** `path`: the words that lead to the command, without the program's name. */
type CommandNode = {
  readonly path: readonly string[];
  readonly commands: readonly Named[];
  readonly options: readonly Option[];
};

/** The program first, then every command below it. */
export function commandTree(command: Command, path: readonly string[] = []): readonly CommandNode[] {
  const { commands } = command;
  const node: CommandNode = {
    path,
    commands: commands.map((each) => ({ name: each.name(), description: each.description() })),
    options: command.options.map(({ long, description, required, optional, argChoices }) => ({
      name: long ?? "",
      description,
      takesValue: required || optional,
      choices: argChoices ?? [],
    })),
  };
  return [node, ...commands.flatMap((each) => commandTree(each, [...path, each.name()]))];
}

export function completionScript(shell: Shell, tree: readonly CommandNode[]): string {
  switch (shell) {
    case "bash":
      return bash(tree);
    case "zsh":
      return zsh(tree);
    case "fish":
      return fish(tree);
  }
}

const globalOptions = (tree: readonly CommandNode[]): readonly Option[] => tree[0]?.options ?? [];
const wordsOf = (node: CommandNode, tree: readonly CommandNode[]): readonly string[] => [
  ...node.commands.map(({ name }) => name),
  ...(node.path.length === 0 ? [] : node.options.map(({ name }) => name)),
  ...globalOptions(tree).map(({ name }) => name),
];

/** The words of a command as the scripts collect them, each with a blank before it. */
const typed = (path: readonly string[]): string => path.map((word) => ` ${word}`).join("");

/**
 * The branches of a `case` over the typed words and the next word. A branch leads one command deeper. The variable is not
 * named `path`: zsh ties `path` to `PATH` (zsh manual, "Parameters Used By The Shell").
 */
const stepsOf = (tree: readonly CommandNode[], quote: string): string =>
  tree
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `${quote}${typed(path)}${quote}`)
    .map((words) => `      ${words}) called=${words} ;;`)
    .join("\n");

/** The words typed so far choose the deepest command they name. An option's value is completed as a file, or by its choices. */
const bash = (tree: readonly CommandNode[]): string => `# bash completion for kedge
_kedge() {
  local word called="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$called $word" in
${stepsOf(tree, '"')}
    esac
  done
  case "$called \${COMP_WORDS[COMP_CWORD - 1]}" in
${choicesOf(tree)
  .map(
    ([path, name, choices]) =>
      `    "${typed(path)} ${name}") COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "\${COMP_WORDS[COMP_CWORD]}")); return ;;`,
  )
  .join("\n")}
  esac
  case "$called" in
${tree.map((node) => `    "${typed(node.path)}") COMPREPLY=($(compgen -W "${wordsOf(node, tree).join(" ")}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join("\n")}
  esac
}
complete -o default -F _kedge kedge`;

const choicesOf = (
  tree: readonly CommandNode[],
): readonly (readonly [path: readonly string[], name: string, choices: readonly string[]])[] =>
  tree.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ name, choices }) => [path, name, choices] as const),
  );

const quoted = (text: string): string => text.replaceAll("'", "'\\''");

/**
 * zsh runs a file of `fpath` as the function `_kedge` when it is first needed (zsh manual, "Autoloading Functions"). The file
 * has to complete at once then, and to register the function when it is sourced.
 */
const zshEnd = `if [[ "$funcstack[1]" == _kedge ]]; then _kedge; else compdef _kedge kedge; fi`;

const zsh = (tree: readonly CommandNode[]): string => `#compdef kedge
# zsh completion for kedge
_kedge() {
  local called="" word i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$called $word" in
${stepsOf(tree, "'")}
    esac
  done
  case "$called" in
${tree
  .map(
    (node) => `    '${typed(node.path)}') candidates=(
${[...node.commands, ...(node.path.length === 0 ? [] : node.options), ...globalOptions(tree)]
  .map(({ name, description }) => `      '${quoted(name)}:${quoted(description.replaceAll(":", "\\:"))}'`)
  .join("\n")}
    ) ;;`,
  )
  .join("\n")}
  esac
  _describe 'kedge' candidates
  _files
}
${zshEnd}`;

const fish = (tree: readonly CommandNode[]): string =>
  [
    "# fish completion for kedge",
    ...tree.flatMap((node) => {
      const [first, second] = node.path;
      const here =
        first === undefined
          ? "__fish_use_subcommand"
          : `__fish_seen_subcommand_from ${first}${second === undefined ? "" : `; and __fish_seen_subcommand_from ${second}`}`;
      return [
        ...node.commands.map(
          ({ name, description }) =>
            `complete -c kedge -n '${here}' -f -a '${name}' -d '${quoted(description)}'`,
        ),
        ...node.options.map(({ name, description, takesValue, choices }) => {
          const scope = first === undefined ? "" : ` -n '${here}'`;
          const value = takesValue ? " -r" : "";
          const from = choices.length > 0 ? ` -f -a '${choices.join(" ")}'` : "";
          return `complete -c kedge${scope} -l '${name.replace(/^--/, "")}'${value}${from} -d '${quoted(description)}'`;
        }),
      ];
    }),
  ].join("\n");
