/** The release templates there are. A new one is a folder beside this file and a line in this list. */
import type { ReleaseTemplate } from "#release/template/template.ts";
import { cdk } from "./cdk/template.ts";
import { cloudformation } from "./cloudformation/template.ts";
import { custom } from "./custom/template.ts";
import { databaseMigration } from "./database-migration/template.ts";
import { ecsService } from "./ecs-service/template.ts";
import { kubernetes } from "./kubernetes/template.ts";
import { lambdaFunction } from "./lambda-function/template.ts";
import { sam } from "./sam/template.ts";
import { serverlessFramework } from "./serverless-framework/template.ts";
import { staticSite } from "./static-site/template.ts";
import { terraform } from "./terraform/template.ts";

export const releaseTemplates: readonly ReleaseTemplate[] = [
  sam,
  cloudformation,
  cdk,
  custom,
  databaseMigration,
  ecsService,
  lambdaFunction,
  serverlessFramework,
  staticSite,
  terraform,
  kubernetes,
];
