/** `kedge template …`: the cloud team's commands for release templates, one file each. */
import type { Command } from "commander";
import { registerConfirm } from "./confirm.ts";
import { registerDraw } from "./draw.ts";
import { registerImpact } from "./impact.ts";
import { registerList } from "./list.ts";
import { registerPublish } from "./publish.ts";
import { registerRollback } from "./rollback.ts";
import { registerRollout } from "./rollout.ts";
import { registerShow } from "./show.ts";
import { registerTry } from "./try.ts";
import { registerWithdraw } from "./withdraw.ts";

export function registerTemplate(program: Command): void {
  const template = program
    .command("template")
    .description("Publish, compare and roll out release templates (credentials of the central account).");
  for (const register of [
    registerList,
    registerShow,
    registerDraw,
    registerImpact,
    registerPublish,
    registerConfirm,
    registerTry,
    registerRollout,
    registerRollback,
    registerWithdraw,
  ])
    register(template);
  for (const command of template.commands) command.exitOverride();
}
