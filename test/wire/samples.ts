/**
 * Plays the sample applications: reconcile makes a pipeline for every environment, and then the pipeline's functions do
 * their work for one of them. This file invokes them with the pipeline's template in hand, as CodePipeline does.
 */
import { exampleFiles } from "#test/support/golden.ts";
import { zipOf } from "./forms.ts";
import { type Sample, samples } from "./recorded-names.ts";
import type { Sent } from "./sent.ts";
import type { WiredEstate } from "./wired-estate.ts";

const account = "111111111111";
const targets = { dev: "222222222222", prod: "444444444444" } as const;

/** By example: the calls that were sent for it. */
export async function playSamples(estate: WiredEstate): Promise<ReadonlyMap<string, readonly Sent[]>> {
  for (const target of Object.values(targets)) await furnish(estate, target);
  const played = new Map<string, readonly Sent[]>();
  for (const sample of samples) {
    const begin = estate.sent.length;
    await play(estate, sample);
    played.set(sample.example, estate.sent.slice(begin));
  }
  return played;
}

async function play(estate: WiredEstate, { example, environment }: Sample): Promise<void> {
  const begin = estate.sent.length;
  await estate.upload({ account, app: example, branch: "main" }, zipOf(exampleFiles(example)));
  await estate.handle("kedge-route");
  await estate.handle("kedge-reconcile");
  const sent = estate.sent.slice(begin);
  const created = sent.find(({ operation }) => operation === "CreateStack");
  if (created === undefined) throw new TypeError(`${example} got no pipeline.`);
  const pipeline = pipelineIn(String(created.input["TemplateBody"]));
  await readSource(estate, pipeline, sent);
  for (const stage of pipeline.Stages) {
    if (!["Source", "Package", environment].includes(stage.Name)) continue;
    for (const action of stage.Actions) {
      if (action.ActionTypeId.Category !== "Invoke") continue;
      const { FunctionName = "" } = action.Configuration;
      if (FunctionName === "kedge-verify") await furnishVerification(estate, targets[environment], action);
      await estate.work(account, FunctionName, jobOf(pipeline, action));
    }
  }
}

type Action = {
  readonly ActionTypeId: { readonly Category: string };
  readonly Configuration: Readonly<Record<string, string>>;
  readonly InputArtifacts?: readonly { readonly Name: string }[];
  readonly OutputArtifacts?: readonly { readonly Name: string }[];
};

type Pipeline = {
  readonly Name: string;
  readonly ArtifactStore: { readonly Location: string };
  readonly Stages: readonly { readonly Name: string; readonly Actions: readonly Action[] }[];
};

function pipelineIn(template: string): Pipeline {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, { Properties: Pipeline }> };
  const [resource] = Object.values(Resources);
  if (resource === undefined) throw new TypeError("The template has no pipeline.");
  return resource.Properties;
}

/** The event that CodePipeline invokes an action's function with. */
function jobOf(pipeline: Pipeline, action: Action): object {
  const { Configuration, InputArtifacts = [], OutputArtifacts = [] } = action;
  const { UserParameters = "", FunctionName } = Configuration;
  const located = ({ Name }: { readonly Name: string }) => ({
    name: Name,
    location: { s3Location: locationOf(pipeline, Name) },
  });
  const data = {
    actionConfiguration: {
      configuration: { FunctionName, UserParameters: resolved(UserParameters) },
    },
    inputArtifacts: InputArtifacts.map(located),
    outputArtifacts: OutputArtifacts.map(located),
  };
  return { "CodePipeline.job": { id: execution, data } };
}

/** No stack is made here, so a variable of a stack stands for itself; a number of minutes is five. */
const resolved = (parameters: string): string =>
  parameters
    .replace("#{codepipeline.PipelineExecutionId}", execution)
    .replace(/#\{[^}.]*\.([^}]*)\}/g, (_, name: string) => (name.endsWith("Minutes") ? "5" : name));

const execution = "00000000-0000-4000-8000-000000000000";

/** The functions' roles may read such keys, because CodePipeline's own keys look like them. */
const locationOf = ({ Name, ArtifactStore }: Pipeline, artifact: string) => ({
  bucketName: ArtifactStore.Location,
  objectKey: `${Name}/${artifact}/0000000`,
});

/** The pipeline's source action copies the bundle that was just written. */
async function readSource(estate: WiredEstate, pipeline: Pipeline, sent: readonly Sent[]): Promise<void> {
  const source = pipeline.Stages[0]?.Actions[0];
  const [output] = source?.OutputArtifacts ?? [];
  const key = source?.Configuration["S3ObjectKey"];
  const bundle = sent.find(({ operation, input }) => operation === "PutObject" && input["Key"] === key);
  if (output === undefined || bundle === undefined) throw new TypeError(`${pipeline.Name} has no source.`);
  const { bucketName: Bucket, objectKey: Key } = locationOf(pipeline, output.Name);
  await estate.ask(account, "s3", "PutObject", { Bucket, Key, Body: bundle.input["Body"] });
}

/**
 * The stack whose traffic a failed verification turns back. The first verification misses the alarm it has to watch; from
 * the second one on the alarm is there and at rest.
 */
async function furnishVerification(
  { ask, wait }: WiredEstate,
  target: string,
  { Configuration }: Action,
): Promise<void> {
  const { stack: StackName } = JSON.parse(Configuration["UserParameters"] ?? "") as { stack: string };
  const Parameters = {
    CanaryWeight: { Type: "Number", Default: 5 },
    StableWeight: { Type: "Number", Default: 95 },
  };
  const Properties = { DisplayName: { Ref: "CanaryWeight" } };
  const TemplateBody = JSON.stringify({
    Parameters,
    Resources: { Topic: { Type: "AWS::SNS::Topic", Properties } },
  });
  try {
    await ask(target, "cloudformation", "CreateStack", { StackName, TemplateBody });
    await wait(100);
  } catch {
    await ask(target, "monitoring", "PutMetricAlarm", {
      ...{ AlarmName: "ErrorsAlarm", Namespace: "AWS/ECS", MetricName: "Errors", Statistic: "Sum" },
      ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
    });
  }
}

/** A platform team puts these values into the account before the samples come. */
async function furnish({ ask }: WiredEstate, target: string): Promise<void> {
  const values = {
    "/platform/cluster": "services",
    "/platform/listener": `arn:aws:elasticloadbalancing:us-east-1:${target}:listener/app/front/0a1b2c3d/1a2b3c4d`,
    "/platform/private-subnets": "subnet-0a1b2c3d4e5f60718,subnet-1a1b2c3d4e5f60718",
    "/platform/service-security-group": "sg-0a1b2c3d4e5f60718",
    "/platform/vpc": "vpc-0a1b2c3d4e5f60718",
    "/shared/retention-seconds": "3600",
  };
  for (const [Name, Value] of Object.entries(values))
    await ask(target, "ssm", "PutParameter", { Name, Value, Type: "String" });
  const url = { Name: "/shop/orders/database-url", Value: "postgres://secret", Type: "SecureString" };
  await ask(target, "ssm", "PutParameter", url);
  await ask(target, "secretsmanager", "CreateSecret", {
    Name: "orders/partner",
    SecretString: '{"key":"k"}',
  });
}
