/**
 * The source of the custom resource that calls a function when its stack goes, and answers with how that ended.
 * CommonJS for Lambda's inline form.
 */
export const callOnDelete = `
const { InvokeCommand, LambdaClient } = require("@aws-sdk/client-lambda");

async function call({ ResourceProperties, RequestId }) {
  const given = { ...JSON.parse(ResourceProperties.Payload), action: "destroy", execution: RequestId };
  const command = new InvokeCommand({ FunctionName: ResourceProperties.Function, Payload: JSON.stringify(given) });
  const { FunctionError, Payload } = await new LambdaClient({ maxAttempts: 1 }).send(command);
  if (!FunctionError) return;
  const { errorType, errorMessage } = JSON.parse(Buffer.from(Payload).toString());
  throw new Error("The function " + ResourceProperties.Function + " failed: " + errorType + ": " + errorMessage);
}

exports.handler = async (event) => {
  const { RequestType, StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const answer = { Status: "SUCCESS", StackId, RequestId, LogicalResourceId };
  answer.PhysicalResourceId = event.PhysicalResourceId || LogicalResourceId;
  try {
    if (RequestType === "Delete") await call(event);
  } catch (error) {
    answer.Status = "FAILED";
    answer.Reason = String(error.message).slice(0, 2000);
  }
  const body = JSON.stringify(answer);
  await fetch(ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
};
`;
