/**
 * Lists the commands: every command is one file and one row here. A command's module is loaded when the
 * command is called.
 */
import type { Command } from "commander";

type Register = (program: Command) => void;
type CommandRow = { readonly names: readonly string[]; readonly load: () => Promise<Register> };

const commands: readonly CommandRow[] = [
  { names: ["push"], load: async () => (await import("./push.ts")).registerPush },
  { names: ["check"], load: async () => (await import("./check.ts")).registerCheck },
  { names: ["status"], load: async () => (await import("./status.ts")).registerStatus },
  { names: ["history"], load: async () => (await import("./history.ts")).registerHistory },
  { names: ["approve", "reject"], load: async () => (await import("./approve.ts")).registerApprove },
  { names: ["review"], load: async () => (await import("./review.ts")).registerReview },
  { names: ["waiting"], load: async () => (await import("./waiting.ts")).registerWaiting },
  { names: ["people"], load: async () => (await import("./people.ts")).registerPeople },
  { names: ["teardown"], load: async () => (await import("./teardown.ts")).registerTeardown },
  { names: ["sweep"], load: async () => (await import("./sweep.ts")).registerSweep },
  { names: ["redrive"], load: async () => (await import("./redrive.ts")).registerRedrive },
  { names: ["unlock"], load: async () => (await import("./unlock.ts")).registerUnlock },
  { names: ["estate"], load: async () => (await import("./estate.ts")).registerEstate },
  { names: ["access"], load: async () => (await import("./access.ts")).registerAccess },
  { names: ["publish"], load: async () => (await import("./publish.ts")).registerPublish },
  { names: ["template"], load: async () => (await import("./template/index.ts")).registerTemplate },
  { names: ["traits"], load: async () => (await import("./traits.ts")).registerTraits },
  { names: ["completion"], load: async () => (await import("./completion.ts")).registerCompletion },
];

/** Registers the command that is called, or every command: for help, for an unknown name, and for `completion`. */
export async function registerCommands(program: Command, called: string | undefined): Promise<void> {
  const row = commands.find(({ names }) => called !== "completion" && names.includes(called ?? ""));
  const registers = await Promise.all((row === undefined ? commands : [row]).map(({ load }) => load()));
  for (const register of registers) register(program);
}
