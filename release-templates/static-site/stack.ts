/**
 * The stack of a site: a private bucket, a distribution in front of it, and a custom resource that empties
 * the bucket when the stack is deleted, because CloudFormation deletes no bucket with objects.
 */

import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { boundary } from "#release/stack/role-boundary.ts";
import { emptyFunction } from "./empty-function.ts";
import type { SiteSettings } from "./settings.ts";

const ref = (id: string): PlainObject => ({ Ref: id });
const attribute = (id: string, name: string): PlainObject => ({ "Fn::GetAtt": [id, name] });
const sub = (text: string): PlainObject => ({ "Fn::Sub": text });
/** AWS's own cache policy CachingOptimized: it honours the headers the files are published with. */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const latest = { Version: "2012-10-17" };

export const siteStack = (settings: SiteSettings): TemplateDocument => ({
  Description: "A static site released by Kedge",
  Resources: {
    Bucket: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    BucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: { Bucket: ref("Bucket"), PolicyDocument: { ...latest, Statement: bucketStatements } },
    },
    OriginAccess: {
      Type: "AWS::CloudFront::OriginAccessControl",
      Properties: {
        OriginAccessControlConfig: {
          // Names of these resources are unique in the account; the bucket's name is unique in all of AWS.
          Name: ref("Bucket"),
          OriginAccessControlOriginType: "s3",
          SigningBehavior: "always",
          SigningProtocol: "sigv4",
        },
      },
    },
    Distribution: {
      Type: "AWS::CloudFront::Distribution",
      Properties: { DistributionConfig: distribution(settings) },
    },
    ...emptying,
  },
  Outputs: {
    BucketName: { Value: ref("Bucket") },
    DistributionId: { Value: ref("Distribution") },
    Url: { Value: sub("https://${Distribution.DomainName}") },
  },
});

const bucketStatements: readonly PlainObject[] = [
  {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "s3:*",
    Resource: [attribute("Bucket", "Arn"), sub("${Bucket.Arn}/*")],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
  {
    Sid: "DistributionReads",
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "s3:GetObject",
    Resource: sub("${Bucket.Arn}/*"),
    Condition: {
      StringEquals: {
        "AWS:SourceArn": sub(
          "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}",
        ),
      },
    },
  },
];

function distribution({ spa, aliases, certificate, webAcl, priceClass }: SiteSettings): PlainObject {
  const page = { ErrorCachingMinTTL: 0, ResponseCode: 200, ResponsePagePath: "/index.html" };
  return {
    Enabled: true,
    DefaultRootObject: "index.html",
    HttpVersion: "http2and3",
    PriceClass: priceClass ?? "PriceClass_100",
    Origins: [
      {
        Id: "site",
        DomainName: attribute("Bucket", "RegionalDomainName"),
        OriginAccessControlId: attribute("OriginAccess", "Id"),
        S3OriginConfig: { OriginAccessIdentity: "" },
      },
    ],
    DefaultCacheBehavior: {
      TargetOriginId: "site",
      ViewerProtocolPolicy: "redirect-to-https",
      CachePolicyId: cachingOptimized,
      Compress: true,
    },
    // S3 answers 403 for a missing key, because the caller may not list the bucket (S3 API Reference,
    // GetObject).
    ...(spa && { CustomErrorResponses: [403, 404].map((ErrorCode) => ({ ErrorCode, ...page })) }),
    ...(aliases && { Aliases: aliases }),
    ...(certificate !== undefined && {
      ViewerCertificate: {
        AcmCertificateArn: certificate,
        SslSupportMethod: "sni-only",
        MinimumProtocolVersion: "TLSv1.2_2021",
      },
    }),
    ...(webAcl !== undefined && { WebACLId: webAcl }),
  };
}

const emptying: PlainObject = {
  EmptierRole: {
    Type: "AWS::IAM::Role",
    Properties: {
      PermissionsBoundary: boundary,
      AssumeRolePolicyDocument: {
        ...latest,
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: "empty",
          PolicyDocument: {
            ...latest,
            Statement: [
              { Effect: "Allow", Action: "s3:ListBucket", Resource: attribute("Bucket", "Arn") },
              { Effect: "Allow", Action: "s3:DeleteObject", Resource: sub("${Bucket.Arn}/*") },
            ],
          },
        },
      ],
    },
  },
  Emptier: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 900,
      MemorySize: 256,
      Role: attribute("EmptierRole", "Arn"),
      Code: { ZipFile: emptyFunction },
    },
  },
  Emptying: {
    Type: "Custom::KedgeEmptyBucket",
    DependsOn: ["BucketPolicy"],
    Properties: {
      ServiceToken: attribute("Emptier", "Arn"),
      ServiceTimeout: 900,
      Bucket: ref("Bucket"),
    },
  },
};
