/**
 * The source of the custom resource that empties a site's bucket when its stack is deleted. It is CommonJS
 * for Lambda's inline form, has at most 4096 characters, and uses only Node.js and the runtime's SDK.
 */
export const emptyFunction = `
const { DeleteObjectsCommand, ListObjectsV2Command, S3Client } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});

async function empty(Bucket) {
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw new Error(Errors[0].Key + ": " + Errors[0].Message);
  }
}

exports.handler = async (event) => {
  const { RequestType, StackId, RequestId, LogicalResourceId, ResponseURL, ResourceProperties } = event;
  const answer = { Status: "SUCCESS", StackId, RequestId, LogicalResourceId };
  answer.PhysicalResourceId = event.PhysicalResourceId || LogicalResourceId;
  try {
    if (RequestType === "Delete") await empty(ResourceProperties.Bucket);
  } catch (error) {
    answer.Status = error.name === "NoSuchBucket" ? "SUCCESS" : "FAILED";
    answer.Reason = String(error.message).slice(0, 2000);
  }
  const body = JSON.stringify(answer);
  await fetch(ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
};
`;
