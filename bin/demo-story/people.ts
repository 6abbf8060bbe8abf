/** Acts as the CI and as the approver of the demo, with sessions of their roles. */
import { approvalDeps } from "#aws/deps-approvals.ts";
import { releaseDeps } from "#aws/deps-releases.ts";
import { asRole } from "#local-estate/as-role.ts";
import type { BootedEstate } from "#local-estate/boot.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import { tearDown, uploadArtifact } from "#operate/upload.ts";
import type { UploadContent } from "#ports/uploads.ts";
import type { Line } from "#release/names/key.ts";

/** Answers the version id of the upload. */
export const upload = async (estate: BootedEstate, line: Line, content: UploadContent): Promise<string> =>
  uploadArtifact(await asCi(estate, line), { line, content });

/** Answers the version id of the tombstone. */
export const uploadTombstone = async (estate: BootedEstate, line: Line): Promise<string> =>
  tearDown(await asCi(estate, line), line);

const asCi = async (estate: BootedEstate, { account }: Line) =>
  releaseDeps(await asRole(estate, account, "kedge-ci"), estate.bucket);

/** Decides the pending approval of the execution and answers its stage. */
export async function approve(estate: BootedEstate, line: Line, execution: string): Promise<string> {
  const deps = approvalDeps(await asRole(estate, line.account, "kedge-approver"));
  const approval = await pendingApproval(deps, { line, execution });
  const summary = "Approved in the demo";
  const { stage } = await decideApproval(deps, {
    line,
    approval,
    decision: "Approved",
    digest: approval.digest,
    summary,
  });
  return stage;
}
