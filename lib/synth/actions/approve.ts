/** Renders the approval action, with a link to the review or to the stacks of the target's region. */
import type { ApproveAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, aws } from "#synth/setting.ts";

export const renderApprove = (action: ApproveAction): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Approval", "Manual"),
  timeoutInMinutes: action.timeoutMinutes,
  configuration: {
    CustomData: action.message,
    ExternalEntityLink:
      action.link ??
      `https://${action.target.region}.console.aws.amazon.com/cloudformation/home?region=${action.target.region}#/stacks`,
  },
});
