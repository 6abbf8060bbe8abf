/**
 * The product's Lambda functions as the simulation runs them: the same handlers and use cases over the same
 * adapters as on AWS. Only their clients reach the simulated cloud, and the deployed stack gives their
 * environment.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";
import type { CodePipelineEvent, Context, SQSEvent } from "aws-lambda";
import type { AwsConfig } from "#aws/config.ts";
import {
  type AnchorLocation,
  callDeps,
  executeDeps,
  jobs,
  observeDeps,
  orphanCollectionDeps,
  packageDeps,
  prepareDeps,
  publishDeps,
  reconcileDeps,
  routeDeps,
  siteDeps,
  smokeDeps,
  verifyDeps,
} from "#aws/deps-lambdas.ts";
import { functionsLambda } from "#aws/functions-lambda.ts";
import { targetClients } from "#aws/target-clients.ts";
import { callFunction } from "#journey/call-function.ts";
import type { BusEvent } from "#journey/event.ts";
import { executeCleared } from "#journey/execute-cleared.ts";
import type { EnvironmentJob, JobAnswer, PrepareJob, WorkerJob } from "#journey/job.ts";
import { memory } from "#journey/memory.ts";
import { migrate } from "#journey/migrate.ts";
import { observe } from "#journey/observe.ts";
import { collectOrphans } from "#journey/orphan-collection.ts";
import { withOwnOutputs } from "#journey/own-outputs.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { publishEstate } from "#journey/publish-estate.ts";
import { publishModule } from "#journey/publish-module.ts";
import { publishSite } from "#journey/publish-site.ts";
import { withRecent } from "#journey/recent.ts";
import type { ReconcileDeps } from "#journey/reconcile.ts";
import { smokeInput } from "#journey/smoke-input.ts";
import { verifyRelease } from "#journey/verify-release.ts";
import { jobOf, prepareJobOf, workerJobOf } from "#lambdas/door/job-event.ts";
import { lineRecords } from "#lambdas/door/line-records.ts";
import { handleBatch } from "#lambdas/door/partial-batch.ts";
import { jobHandler } from "#lambdas/door/pipeline-job.ts";
import { uploadRecord } from "#lambdas/door/upload-record.ts";
import type { LineRetry } from "#ports/line-queue.ts";
import { functions as names } from "#release/names/deployed-names.ts";
import type { Plan } from "#release/plan/plan.ts";
import type { Clearance } from "#release/review/clearance.ts";
import type { DeployedFunction } from "./base.ts";

export type Handler = (event: unknown) => Promise<unknown>;

/** Breaks the product on purpose, to show that the invariants notice. */
export type Sabotage = (deps: WholeDeps) => WholeDeps;
/** Takes the place of Execute, to show that the invariants notice. */
export type OtherExecute = typeof executeCleared;
type WholeDeps = ReconcileDeps & { readonly retry: LineRetry };

export type Renderer = (
  plan: Plan,
  location: AnchorLocation & { readonly region: string },
) => Promise<string>;

type FunctionOrder = {
  readonly deployed: DeployedFunction;
  readonly config: AwsConfig;
  /** ISO 8601. */
  readonly now: () => string;
  readonly render: Renderer;
  readonly sabotage?: Sabotage | undefined;
  readonly execute?: OtherExecute | undefined;
};

class FunctionUnknown extends Error {
  override name = "FunctionUnknown";
}

/** Makes one sandbox. Its memory lives until it dies. */
export function createFunction({
  deployed,
  config,
  now,
  render,
  sabotage,
  execute = executeCleared,
}: FunctionOrder): Handler {
  const { region } = deployed;
  const location = locationOf(deployed);
  const logger = new Logger({ logLevel: "SILENT", serviceName: deployed.name });
  const context = { functionName: deployed.name, memoryLimitInMB: "512" } as Context;
  const job = (perform: (job: EnvironmentJob) => Promise<JobAnswer>): Handler => {
    const handler = jobHandler({ jobs: jobs(config), logger, read: jobOf }, perform);
    return (event) => handler(event as CodePipelineEvent, context);
  };
  const prepareJob = (perform: (job: PrepareJob) => Promise<JobAnswer>): Handler => {
    const handler = jobHandler({ jobs: jobs(config), logger, read: prepareJobOf }, perform);
    return (event) => handler(event as CodePipelineEvent, context);
  };
  const workerJob = (perform: (job: WorkerJob) => Promise<JobAnswer>): Handler => {
    const handler = jobHandler({ jobs: jobs(config), logger, read: workerJobOf }, perform);
    return (event) => handler(event as CodePipelineEvent, context);
  };
  switch (deployed.name) {
    case names.route: {
      const handle = handleBatch(uploadRecord(routeDeps(config, location), logger));
      return (event) => handle(event as SQSEvent);
    }
    case names.publish: {
      const deps = publishDeps(config, location);
      return (event) => {
        const { digest, template } = event as { digest?: string; template?: Record<string, unknown> };
        return template === undefined ? publishEstate(deps, String(digest)) : publishModule(deps, template);
      };
    }
    case names.reconcile: {
      const whole: WholeDeps = {
        ...reconcileDeps(config, location),
        clock: now,
        render: (plan) => render(plan, { ...location, region }),
      };
      const handle = handleBatch(lineRecords(sabotage?.(whole) ?? whole, logger));
      return (event) => handle(event as SQSEvent);
    }
    case names.observe: {
      const deps = withRecent({ ...observeDeps(config, location), clock: now });
      return (event) => observe(deps, event as BusEvent);
    }
    case names.sweep: {
      const deps = { ...orphanCollectionDeps(config, location), clock: now };
      return (event) => {
        const { id, fix } = event as { id: string; fix?: unknown };
        return collectOrphans(deps, { fix: fix === true, id });
      };
    }
    case names.package: {
      const deps = packageDeps(config, location);
      return job((request) => packageArtifact(deps, request, () => undefined));
    }
    case names.prepare: {
      const deps = withOwnOutputs({ ...prepareDeps(config, location), clock: now });
      return prepareJob((request) => prepareEnvironment(deps, request, () => undefined));
    }
    case names.execute: {
      const pinned = { ciRoleId: "none", uploaders: false, people: false };
      const clearances = memory<Clearance>(20);
      const deps = { ...executeDeps(config, location), pinned, clearances, clock: now };
      return workerJob((request) => execute(deps, request));
    }
    case names.smoke: {
      const deps = smokeDeps(config, location);
      return job((request) => smokeInput(deps, request, () => undefined));
    }
    case names.verify: {
      const deps = { ...verifyDeps(config), clock: now };
      return workerJob((request) => verifyRelease(deps, request));
    }
    case names.call: {
      // The product's own Lambda client has another request handler, which would not reach the simulated cloud.
      const targets = targetClients(new STSClient(config), config, (target) => new LambdaClient(target));
      const deps = { ...callDeps(config, location), functions: functionsLambda(targets), clock: now };
      return workerJob((request) =>
        "migrations" in request.parameters ? migrate(deps, request) : callFunction(deps, request),
      );
    }
    case names.site: {
      const deps = siteDeps(config, location);
      return workerJob((request) => publishSite(deps, request, () => undefined));
    }
    default:
      throw new FunctionUnknown(
        `${deployed.name} is no function the simulation knows; add it to functions.ts.`,
      );
  }
}

const locationOf = ({ account, environment }: DeployedFunction): AnchorLocation => ({
  account,
  artifactBucket: environment["ARTIFACT_BUCKET"] ?? "",
  registryBucket: environment["REGISTRY_BUCKET"] ?? "",
  cacheBucket: environment["CACHE_BUCKET"] ?? "",
  cacheKeyArn: environment["CACHE_KEY_ARN"] ?? "",
});
