/** Renders the approval action, with a link to the review or to the stacks of the target's region. */
import { topic } from "#release/names/deployed-names.ts";
import type { ApproveAction } from "#release/plan/plan.ts";
import { type ActionDeclaration, aws, type Setting } from "#synth/setting.ts";

export const renderApprove = (
  action: ApproveAction,
  { account, region }: Pick<Setting, "account" | "region">,
): ActionDeclaration => ({
  name: action.name,
  runOrder: action.order,
  actionTypeId: aws("Approval", "Manual"),
  timeoutInMinutes: action.timeoutMinutes,
  configuration: {
    NotificationArn: `arn:aws:sns:${region}:${account}:${topic}`,
    CustomData: action.message,
    ExternalEntityLink:
      action.link ??
      `https://${action.target.region}.console.aws.amazon.com/cloudformation/home?region=${action.target.region}#/stacks`,
  },
});
