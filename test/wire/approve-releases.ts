/** Approves the releases that wait in an anchor. */
import type { SimulatedCloud } from "#test/simulation/cloud.ts";

type State = {
  readonly stageStates: readonly {
    readonly stageName: string;
    readonly actionStates: readonly {
      readonly actionName: string;
      readonly latestExecution?: { readonly status: string; readonly token?: string };
    }[];
  }[];
};

export async function approveReleases({ ask }: SimulatedCloud, account: string): Promise<void> {
  type Listed = { readonly pipelines: readonly { readonly name: string }[] };
  const { pipelines } = await ask<Listed>(account, "codepipeline", "ListPipelines", {});
  for (const { name } of pipelines) {
    const { stageStates } = await ask<State>(account, "codepipeline", "GetPipelineState", { name });
    for (const { stageName, actionStates } of stageStates) {
      for (const { actionName, latestExecution: run } of actionStates) {
        if (run?.status !== "InProgress" || run.token === undefined) continue;
        const result = { status: "Approved", summary: "Approved by the wire test." };
        const approval = { pipelineName: name, stageName, actionName, token: run.token, result };
        await ask(account, "codepipeline", "PutApprovalResult", approval);
      }
    }
  }
}
