/** `kedge completion`: prints a script that completes commands and options in a shell. */
import { Argument, type Command } from "commander";
import { commandTree, completionScript, type Shell, shells } from "#bin/show/completion.ts";
import { print } from "#bin/show/print.ts";

export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description("Print a completion script for your shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  $ kedge completion bash >> ~/.bashrc
  $ kedge completion zsh  > "\${fpath[1]}/_kedge"
  $ kedge completion fish > ~/.config/fish/completions/kedge.fish
`,
    )
    .action((shell: Shell) => print(completionScript(shell, commandTree(program))));
}
