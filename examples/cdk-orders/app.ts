/** Orders: a queue, the function that fills it, a nested stack that reports, and an audit trail in production only. */
import { Architecture, Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { App, CfnOutput, Duration, NestedStack, Stack, Stage } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** Paths are those of this file, wherever the CDK is run. */
const code = (name: string): Code => Code.fromAsset(`${import.meta.dirname}/functions/${name}`);

const node = { runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, handler: "index.handler" };

class Data extends Stack {
  readonly orders = new Queue(this, "Orders", { visibilityTimeout: Duration.seconds(30) });
}

class Reporting extends NestedStack {
  readonly topic = new Topic(this, "Reports");
  readonly report: Lambda;

  constructor(scope: Construct, id: string, orders: Queue) {
    super(scope, id);
    this.report = new Lambda(this, "Report", {
      ...node,
      code: code("report"),
      environment: { TOPIC_ARN: this.topic.topicArn, QUEUE_ARN: orders.queueArn },
    });
    this.topic.grantPublish(this.report);
  }
}

class Api extends Stack {
  constructor(scope: Construct, id: string, orders: Queue) {
    super(scope, id);
    const takeOrder = new Lambda(this, "TakeOrder", {
      ...node,
      code: code("take-order"),
      environment: { QUEUE_URL: orders.queueUrl },
    });
    orders.grantSendMessages(takeOrder);
    const reporting = new Reporting(this, "Reporting", orders);
    new CfnOutput(this, "TakeOrderName", { value: takeOrder.functionName });
    new CfnOutput(this, "ReportName", { value: reporting.report.functionName });
    new CfnOutput(this, "QueueUrl", { value: orders.queueUrl });
  }
}

class Audit extends Stack {
  readonly retention = new StringParameter(this, "Retention", { stringValue: "3650" });
}

const app = new App();
const data = new Data(app, "OrdersData");
new Api(app, "OrdersApi", data.orders);
// A stage that is named like an environment is for that environment alone.
new Audit(new Stage(app, "prod"), "Audit");
