/**
 * The source of the custom resource that updates the code of an existing function. It is CommonJS for
 * Lambda's inline form, has at most 4096 characters, and uses only Node.js and the runtime's SDK.
 */
export const publishCode = `
const lambda = require("@aws-sdk/client-lambda");
const client = new lambda.LambdaClient({});
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function settled(FunctionName) {
  for (let tries = 0; tries < 120; tries += 1) {
    const now = await client.send(new lambda.GetFunctionConfigurationCommand({ FunctionName }));
    if (now.LastUpdateStatus === "Failed") throw new Error(now.LastUpdateStatusReason);
    if (now.LastUpdateStatus !== "InProgress" && now.State !== "Pending") return;
    await rest(1000);
  }
  throw new Error(FunctionName + " is still being updated");
}

async function release({ FunctionName, S3Bucket, S3Key, S3ObjectVersion, Description }) {
  await settled(FunctionName);
  await client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, S3Bucket, S3Key, S3ObjectVersion }));
  await settled(FunctionName);
  const { Version } = await client.send(new lambda.PublishVersionCommand({ FunctionName, Description }));
  return Version;
}

exports.handler = async (event) => {
  const { RequestType, ResourceProperties, ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const answer = { Status: "SUCCESS", StackId, RequestId, LogicalResourceId };
  answer.PhysicalResourceId = ResourceProperties.FunctionName;
  try {
    // Kedge did not create the function, so its code stays when this stack is deleted.
    if (RequestType !== "Delete") answer.Data = { Version: await release(ResourceProperties) };
  } catch (error) {
    answer.Status = "FAILED";
    answer.Reason = error.name + ": " + error.message;
  }
  const body = JSON.stringify(answer);
  await fetch(ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
};
`;
