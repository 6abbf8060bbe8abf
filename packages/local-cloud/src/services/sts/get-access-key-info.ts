/** GetAccessKeyInfo returns the account of an access key id, even if the key no longer exists. */
import { accountOfAccessKey } from "#cloud/iam/access-key-id.ts";
import { invalid, type StsOperation, violated } from "./operation.ts";

export const getAccessKeyInfo: StsOperation<"GetAccessKeyInfo"> = {
  access: () => ({ action: "sts:GetAccessKeyInfo", resource: "*" }),
  run: ({ AccessKeyId: id = "" }) => {
    if (id.length < 16)
      throw violated("accessKeyId", id, "Member must have length greater than or equal to 16");
    const account = accountOfAccessKey(id);
    if (account === undefined) throw invalid(`Invalid Access Key Id: ${id}`);
    return { Account: account };
  },
};
