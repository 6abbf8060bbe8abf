/** Implements origin access controls, which define how a distribution signs its requests to a bucket. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import {
  type AccessControlRow,
  accessControlArn,
  type CloudFrontCall,
  checkEtag,
  findAccessControl,
  newId,
  type Op,
} from "./state.ts";

const answer = ({ id, etag, config }: AccessControlRow) => ({
  OriginAccessControl: { Id: id, OriginAccessControlConfig: config },
  ETag: etag,
});

const on = (action: string, call: CloudFrontCall, id?: string) => ({
  action: `cloudfront:${action}OriginAccessControl`,
  resource: accessControlArn(call, id),
});

export const createOriginAccessControl: Op<"CreateOriginAccessControl"> = {
  access: (_, call) => on("Create", call),
  run: ({ OriginAccessControlConfig: config }, call) => {
    if (config === undefined) throw new AwsError("InvalidArgument", "The configuration is missing.", 400);
    const taken = [...call.state.accessControls.values()].some((row) => row.config.Name === config.Name);
    if (taken)
      throw new AwsError(
        "OriginAccessControlAlreadyExists",
        "An origin access control with the specified parameters already exists.",
        409,
      );
    const row = { id: newId(), etag: newId(), config };
    call.state.accessControls.set(row.id, row);
    return answer(row);
  },
};

export const getOriginAccessControl: Op<"GetOriginAccessControl"> = {
  access: ({ Id }, call) => on("Get", call, Id),
  run: ({ Id }, call) => answer(findAccessControl(call, Id)),
};

export const updateOriginAccessControl: Op<"UpdateOriginAccessControl"> = {
  access: ({ Id }, call) => on("Update", call, Id),
  run: ({ Id, IfMatch, OriginAccessControlConfig: config }, call) => {
    const before = findAccessControl(call, Id);
    checkEtag(before, IfMatch);
    const row = { ...before, etag: newId(), config: config ?? before.config };
    call.state.accessControls.set(row.id, row);
    return answer(row);
  },
};

export const deleteOriginAccessControl: Op<"DeleteOriginAccessControl"> = {
  access: ({ Id }, call) => on("Delete", call, Id),
  run: ({ Id, IfMatch }, call) => {
    const before = findAccessControl(call, Id);
    checkEtag(before, IfMatch);
    const used = [...call.state.distributions.values()].some(({ config }) =>
      config.Origins?.Items?.some(({ OriginAccessControlId }) => OriginAccessControlId === before.id),
    );
    if (used)
      throw new AwsError(
        "OriginAccessControlInUse",
        "Cannot delete the origin access control because it's in use by one or more distributions.",
        409,
      );
    call.state.accessControls.delete(before.id);
    return {};
  },
};
