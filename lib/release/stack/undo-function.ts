/**
 * The source of the custom resource that undoes work outside CloudFormation when its stack is deleted: it
 * runs a CodeBuild project and reports the outcome. The build cannot report it: a build that never starts
 * would leave CloudFormation waiting for an hour. The source is CommonJS for Lambda's inline form, and uses
 * only Node.js and the runtime's SDK.
 */
export const undoFunction = `
const builds = require("@aws-sdk/client-codebuild");
const lambda = require("@aws-sdk/client-lambda");
const codebuild = new builds.CodeBuildClient({});
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start({ ResourceProperties, RequestId }) {
  const command = new builds.StartBuildCommand({
    projectName: ResourceProperties.Project,
    ...ResourceProperties.Overrides,
    idempotencyToken: RequestId, // Lambda may hand the same request over twice
  });
  return (await codebuild.send(command)).build.id;
}

function reasonOf(build) {
  const contexts = (build.phases || []).flatMap(({ contexts }) => contexts || []);
  const said = contexts.find(({ message }) => message);
  return "The build " + build.id + " ended " + build.buildStatus + (said ? ": " + said.message : "");
}

/** Undefined while it runs and this invocation comes to its end. */
async function ended(id, context) {
  while (context.getRemainingTimeInMillis() > 60000) {
    const { builds: found } = await codebuild.send(new builds.BatchGetBuildsCommand({ ids: [id] }));
    const build = found && found[0];
    if (!build) throw new Error("The build " + id + " is gone");
    if (build.buildStatus === "SUCCEEDED") return "SUCCEEDED";
    if (build.buildStatus !== "IN_PROGRESS") throw new Error(reasonOf(build));
    await rest(2000);
  }
}

async function goOn(event, build, FunctionName) {
  const Payload = JSON.stringify({ ...event, build });
  const command = new lambda.InvokeCommand({ FunctionName, InvocationType: "Event", Payload });
  await new lambda.LambdaClient({}).send(command);
}

exports.handler = async (event, context) => {
  const { RequestType, StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const answer = { Status: "SUCCESS", StackId, RequestId, LogicalResourceId };
  answer.PhysicalResourceId = event.PhysicalResourceId || LogicalResourceId;
  try {
    if (RequestType === "Delete") {
      const build = event.build || (await start(event));
      if (!(await ended(build, context))) return await goOn(event, build, context.functionName);
    }
  } catch (error) {
    answer.Status = "FAILED";
    answer.Reason = String(error.message).slice(0, 2000);
  }
  const body = JSON.stringify(answer);
  await fetch(ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
};
`;
