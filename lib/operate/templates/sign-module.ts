/** Signs the module of a release template as the caller, and has `kedge-publish` publish it. */
import { OperateError } from "#operate/operate-error.ts";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { templateLabel } from "#release/template/template-index.ts";

/** `confirmed`: enough people have signed it, so lines may use it. Throws `TemplateRefused`. */
export async function signModule(
  modules: TemplateProposals,
  ref: TemplateRef,
  module: Uint8Array,
): Promise<{ readonly confirmed: boolean }> {
  await modules.sign(ref, module);
  const answer = await modules.publish(ref);
  if (answer.state === "published") return answer;
  const why =
    answer.state === "refused"
      ? answer.why
      : "The Lambda kedge-publish found no signed module. Update the control plane, and publish again.";
  throw new OperateError("TemplateRefused", `${templateLabel(ref)} is not published. ${why}`);
}

export const confirmationNeeded = (label: string): string =>
  `Before a line can use it, a second person has to confirm it: kedge template confirm ${label}`;

/** Lines of a version with one signature would be rejected. Throws `TemplateWaits`. */
export async function checkConfirmed(
  registry: Pick<WritableTemplateRegistry, "confirmed">,
  { name, version, sha256 }: TemplateRef,
): Promise<void> {
  if (await registry.confirmed({ name, version, sha256 })) return;
  const label = templateLabel({ name, version });
  throw new OperateError("TemplateWaits", `One person has signed ${label}. ${confirmationNeeded(label)}`);
}
