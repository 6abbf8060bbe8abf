/** These operations read, set and delete the tags of a version, without making a new version. */
import { versionOutput } from "./commit.ts";
import { findVersion, readAccess, versionAccess } from "./find-version.ts";
import { emitEvent } from "./object-events.ts";
import { globalStateOf, type S3Operation } from "./state.ts";
import { checkTags, requestTagContext } from "./tags.ts";

export const getObjectTagging: S3Operation<"GetObjectTagging"> = {
  access: (input, call) => readAccess("GetObjectTagging", input, call),
  run: (input, call) => {
    const { bucket, version, content } = findVersion(input, call);
    return { TagSet: [...content.tags], ...versionOutput(bucket, version) };
  },
};

export const putObjectTagging: S3Operation<"PutObjectTagging"> = {
  access: (input, call) => {
    const request = versionAccess("PutObjectTagging", input, call);
    return { ...request, context: { ...request.context, ...requestTagContext(input.Tagging?.TagSet ?? []) } };
  },
  run: (input, call) => {
    const { bucket, version, content } = findVersion(input, call, "PUT");
    const tagged = { ...version, content: { ...content, tags: checkTags(input.Tagging?.TagSet ?? [], 10) } };
    globalStateOf(call).objects(bucket).put(tagged);
    emitEvent({ kind: "tagged", version: { version: tagged, sequence: version.sequence } }, bucket, call);
    return versionOutput(bucket, version);
  },
};

export const deleteObjectTagging: S3Operation<"DeleteObjectTagging"> = {
  access: (input, call) => versionAccess("DeleteObjectTagging", input, call),
  run: (input, call) => {
    const { bucket, version, content } = findVersion(input, call, "DELETE");
    const bare = { ...version, content: { ...content, tags: [] } };
    globalStateOf(call).objects(bucket).put(bare);
    emitEvent({ kind: "untagged", version: { version: bare, sequence: version.sequence } }, bucket, call);
    return versionOutput(bucket, version);
  },
};
