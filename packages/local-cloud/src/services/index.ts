/** Lists the services of the embedded cloud. A new service is a folder and a line in this list. */
import type { Service } from "#cloud/kernel/service.ts";
import { cloudformation } from "./cloudformation/service.ts";
import { cloudfront } from "./cloudfront/service.ts";
import { cloudwatch } from "./cloudwatch/service.ts";
import { codebuild } from "./codebuild/service.ts";
import { codepipeline } from "./codepipeline/service.ts";
import { ecs } from "./ecs/service.ts";
import { eks } from "./eks/service.ts";
import { elasticloadbalancing } from "./elasticloadbalancing/service.ts";
import { events } from "./events/service.ts";
import { iam } from "./iam/service.ts";
import { kms } from "./kms/service.ts";
import { lambda } from "./lambda/service.ts";
import { logs } from "./logs/service.ts";
import { organizations } from "./organizations/service.ts";
import { s3 } from "./s3/service.ts";
import { secretsmanager } from "./secretsmanager/service.ts";
import { servicecatalog } from "./servicecatalog/service.ts";
import { sns } from "./sns/service.ts";
import { sqs } from "./sqs/service.ts";
import { ssm } from "./ssm/service.ts";
import { sts } from "./sts/service.ts";

export const services: readonly Service[] = [
  cloudformation,
  cloudfront,
  cloudwatch,
  codebuild,
  codepipeline,
  eks,
  ecs,
  elasticloadbalancing,
  events,
  iam,
  kms,
  lambda,
  logs,
  organizations,
  s3,
  secretsmanager,
  servicecatalog,
  sns,
  sqs,
  ssm,
  sts,
];
