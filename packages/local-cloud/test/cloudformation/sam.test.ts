import { describe, expect, it } from "vitest";
import type { Json } from "#cloud/cloudformation/json.ts";
import { parseTemplate } from "#cloud/cloudformation/parse-template.ts";
import { checkReferences } from "#cloud/cloudformation/references.ts";
import { checkStructure } from "#cloud/cloudformation/template.ts";
import { expandTransforms } from "#cloud/cloudformation/transforms.ts";
import { checkAttributes, checkTypes } from "#cloud/resource-types/check-types.ts";

const pseudo = {
  account: "111111111111",
  region: "us-east-1",
  partition: "aws",
  urlSuffix: "amazonaws.com",
  stackName: "s",
  stackId: "arn:aws:cloudformation:us-east-1:111111111111:stack/s/1",
  notificationArns: [],
};

const macro = async (_name: string, fragment: Json): Promise<Json> => fragment;

const expand = async (text: string) => {
  const source = checkStructure(parseTemplate(`Transform: AWS::Serverless-2016-10-31\n${text}`), "source");
  const document = await expandTransforms(source, {
    parameters: [],
    pseudo,
    include: async () => "{}",
    macro,
  });
  const template = checkStructure(document, "processed");
  checkTypes(template);
  checkReferences(template);
  checkAttributes(template);
  return template;
};

describe("the SAM transform", () => {
  it("makes of a function with an API, a queue and a schedule what AWS makes of it", async () => {
    const template = await expand(`
Globals:
  Function: { Runtime: nodejs22.x, Environment: { Variables: { STAGE: dev } } }
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Items: { Type: AWS::Serverless::SimpleTable }
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: "s3://code/layer.zip" }
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: { Bucket: code, Key: app.zip }
      Handler: index.handler
      AutoPublishAlias: live
      Layers: [!Ref Shared]
      Environment: { Variables: { TABLE: !Ref Items } }
      Policies:
        - DynamoDBCrudPolicy: { TableName: !Ref Items }
        - AWSXrayReadOnlyAccess
        - Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::code/*" }]
      Events:
        Get: { Type: Api, Properties: { Path: "/items/{id}", Method: get } }
        Work: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, BatchSize: 5 } }
        Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }
Outputs:
  Url: { Value: !Sub "https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/" }
  Alias: { Value: !Ref App.Alias }
`);
    const ids = Object.keys(template.Resources).map((id) => id.replace(/[0-9a-f]{10}$/, "<hash>"));
    expect(ids.sort()).toEqual([
      "App",
      "AppAliaslive",
      "AppGetPermissionProd",
      "AppHourly",
      "AppHourlyPermission",
      "AppRole",
      "AppVersion<hash>",
      "AppWork",
      "Items",
      "Jobs",
      "ServerlessRestApi",
      "ServerlessRestApiDeployment<hash>",
      "ServerlessRestApiProdStage",
      "Shared<hash>",
    ]);
    expect(template.Resources["App"]?.Properties).toMatchObject({
      Code: { S3Bucket: "code", S3Key: "app.zip" },
      Runtime: "nodejs22.x",
      Environment: { Variables: { STAGE: "dev", TABLE: { Ref: "Items" } } },
      Role: { "Fn::GetAtt": ["AppRole", "Arn"] },
    });
    const role = template.Resources["AppRole"]?.Properties;
    expect(JSON.stringify(role?.["ManagedPolicyArns"])).toContain("AWSLambdaSQSQueueExecutionRole");
    expect(role?.["Policies"]).toMatchObject([
      { PolicyName: "AppRolePolicy0" },
      { PolicyName: "AppRolePolicy1" },
    ]);
    expect(template.Outputs?.["Alias"]?.Value).toEqual({ Ref: "AppAliaslive" });
    expect(template.Resources["AppVersion"]).toBeUndefined();
  });

  it("refuses local code as AWS does, naming every resource", async () => {
    await expect(
      expand(`
Resources:
  One: { Type: AWS::Serverless::Function, Properties: { CodeUri: ./src, Handler: a.b, Runtime: nodejs22.x } }
  Two: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: ./layer } }
  Three: { Type: AWS::Serverless::Application, Properties: { Location: x } }
`),
    ).rejects.toThrow(
      /^Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document\. Number of errors found: 3\..*Resource with id \[One\] is invalid\. 'CodeUri' is not a valid S3 Uri of the form 's3:\/\/bucket\/key' with optional versionId query parameter\./,
    );
  });

  it("joins an explicit HTTP API and a bucket's notifications", async () => {
    const template = await expand(`
Resources:
  Uploads: { Type: AWS::S3::Bucket }
  Api: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }
  App:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "exports.handler = async () => 1"
      Handler: index.handler
      Runtime: nodejs22.x
      Events:
        Any: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /x, Method: post } }
        Put: { Type: S3, Properties: { Bucket: !Ref Uploads, Events: "s3:ObjectCreated:*" } }
`);
    expect(Object.keys(template.Resources).sort()).toEqual([
      "Api",
      "Apiv1Stage",
      "App",
      "AppAnyPermission",
      "AppPutPermission",
      "AppRole",
      "Uploads",
    ]);
    expect(template.Resources["Uploads"]).toMatchObject({ DependsOn: ["AppPutPermission"] });
    expect(template.Resources["Api"]?.Properties?.["Body"]).toMatchObject({ paths: { "/x": { post: {} } } });
  });

  it("unrolls Fn::ForEach of the language extensions", async () => {
    const source = checkStructure(
      parseTemplate(`
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Queues:
    - Name
    - [One, Two]
    - "Queue\${Name}": { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "q-\${Name}" } }
`),
      "source",
    );
    const document = await expandTransforms(source, {
      parameters: [],
      pseudo,
      include: async () => "{}",
      macro,
    });
    expect(document["Resources"]).toEqual({
      QueueOne: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::Sub": "q-One" } } },
      QueueTwo: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::Sub": "q-Two" } } },
    });
  });
});
