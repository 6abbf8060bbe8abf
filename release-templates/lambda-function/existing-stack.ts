/**
 * The stack of a release to a function of another owner. It updates the function's code and publishes a
 * version. Deleting the stack leaves the function unchanged.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import { boundary } from "#release/stack/role-boundary.ts";
import { allow, trust } from "./function-stack.ts";
import { publishCode } from "./publish-code.ts";

const arn = (name: string): PlainObject => ({
  "Fn::Sub": `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}`,
});

/** `code`: where it was published, {S3Bucket, S3Key, S3ObjectVersion}. */
export function existingStack(name: string, code: PlainValue): TemplateDocument {
  const { S3Bucket = "", S3Key = "", S3ObjectVersion } = isObject(code) ? code : {};
  return {
    Description: "The code Kedge released to a function that was there before",
    Resources: {
      PublisherLogs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 30 } },
      PublisherRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          PermissionsBoundary: boundary,
          AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
          Policies: [
            {
              PolicyName: "publisher",
              PolicyDocument: {
                Version: "2012-10-17",
                Statement: [
                  allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [{ "Fn::GetAtt": ["PublisherLogs", "Arn"] }],
                  ),
                  allow(
                    ["lambda:UpdateFunctionCode", "lambda:PublishVersion", "lambda:GetFunctionConfiguration"],
                    [arn(name)],
                  ),
                  allow(
                    ["s3:GetObject", "s3:GetObjectVersion"],
                    [{ "Fn::Sub": `arn:\${AWS::Partition}:s3:::${String(S3Bucket)}/parts/*` }],
                  ),
                  {
                    ...allow(["kms:Decrypt"], ["*"]),
                    Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/kedge-cache" } },
                  },
                ],
              },
            },
          ],
        },
      },
      Publisher: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Code: { ZipFile: publishCode },
          Handler: "index.handler",
          Runtime: "nodejs24.x",
          Timeout: 300,
          Role: { "Fn::GetAtt": ["PublisherRole", "Arn"] },
          LoggingConfig: { LogGroup: { Ref: "PublisherLogs" } },
        },
      },
      Release: {
        Type: "Custom::KedgeFunctionCode",
        Properties: {
          ServiceToken: { "Fn::GetAtt": ["Publisher", "Arn"] },
          FunctionName: name,
          S3Bucket,
          S3Key,
          ...(S3ObjectVersion !== undefined && { S3ObjectVersion }),
          Description: `kedge ${sha256Hex(canonicalJson(code)).slice(0, 32)}`,
        },
      },
    },
    Outputs: {
      FunctionName: { Value: name },
      FunctionArn: { Value: arn(name) },
      Version: { Value: { "Fn::GetAtt": ["Release", "Version"] } },
    },
  };
}
