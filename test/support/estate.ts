/**
 * The booted estate for a test: SDK clients, a CI that uploads, an approver, and bounded waits for an
 * outcome.
 */
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
  type Stack,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import {
  CodePipelineClient,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from "@aws-sdk/client-codepipeline";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { inject } from "vitest";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { resultsS3 } from "#aws/results-s3.ts";
import { asRole } from "#local-estate/as-role.ts";
import { type Clients, createClients } from "#local-estate/clients.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import { readResult } from "#operate/read-result.ts";
import { finalStatuses, type Result, type ResultStatus } from "#release/line/result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { formerPipelineName, lineCode, pipelineName } from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import type { EstateFacts } from "./global-estate.ts";

export type TestEstate = EstateFacts & {
  readonly clients: Clients;
  /** Makes an SDK client with a session of the role. */
  readonly as: <Client>(
    Client: new (config: Awaited<ReturnType<typeof asRole>>) => Client,
    account: string,
    role: string,
  ) => Promise<Client>;
  /** Uploads as the CI of the line's anchor, and returns the version id. */
  readonly upload: (line: Line, artifact: Uint8Array) => Promise<string>;
  /** Waits until the result is final, or has the given status. Throws when it ends with another status. */
  readonly result: (line: Line, version: string, status?: ResultStatus) => Promise<Result>;
  readonly decide: (line: Line, decision: "Approved" | "Rejected", summary: string) => Promise<void>;
  readonly executions: (line: Line) => Promise<readonly PipelineExecutionSummary[]>;
  /**
   * Returns the line's application stack, undefined when there is none. `environment` is an environment of
   * the line's anchor.
   */
  readonly appStack: (line: Line, environment: string) => Promise<Stack | undefined>;
  readonly outputs: (line: Line, environment: string) => Promise<Readonly<Record<string, string>>>;
  /** Lists the stacks of the line that are left in any account of its anchor. */
  readonly stacksLeft: (line: Line) => Promise<readonly string[]>;
  readonly accountOf: (line: Line, environment: string) => string;
};

class NotSeen extends Error {
  override name = "NotSeen";
}

const shortestPauseMs = 100;
const longestPauseMs = 1_000;
const patienceMs = 600_000;

/** Calls `attempt` until it returns a value. The pauses grow, because the calls of all waiting tests cost a quarter of the run. */
export async function until<Found>(what: string, attempt: () => Promise<Found | undefined>): Promise<Found> {
  let pauseMs = shortestPauseMs;
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await wait(pauseMs)) {
    const found = await attempt();
    if (found !== undefined) return found;
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
  }
  throw new NotSeen(`Did not see within ${patienceMs / 1000} s: ${what}`);
}

export const shopLine = (app: string, branch = "main"): Line => ({ account: "111111111111", app, branch });
export const bankLine = (app: string, branch = "main"): Line => ({ account: "121212121212", app, branch });

/**
 * The estate of the examples. `strictEstate` rejects tombstones of protected lines and never supersedes a
 * pending approval.
 */
export const estate = (which: "estate" | "strictEstate" = "estate"): TestEstate => enter(inject(which));

export function enter({ endpoint, region, bucket, accounts }: EstateFacts): TestEstate {
  const facts = { endpoint, region, bucket, accounts };
  const clients = createClients(endpoint, region);
  const location = { clients, endpoint, region };
  const accountOf = ({ account }: Line, environment: string): string => {
    const anchor = Object.entries(accounts).find(([, id]) => id === account)?.[0];
    return accounts[`${anchor}-${environment}`] ?? "";
  };
  const appStack = async (line: Line, environment: string): Promise<Stack | undefined> => {
    const client = clients(CloudFormationClient, accountOf(line, environment));
    return (
      (await describe(client, stackName(environment, line))) ??
      (await describe(client, longStackName(environment, line)))
    );
  };
  const as: TestEstate["as"] = async (Client, account, role) =>
    new Client(await asRole(location, account, role));
  return {
    ...facts,
    clients,
    as,
    accountOf,
    appStack,
    upload: async (line, Body) => {
      const s3 = await as(S3Client, line.account, "kedge-ci");
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: formatKey(line), Body }),
      );
      return VersionId ?? "";
    },
    result: (line, version, status) =>
      until(`the result of ${formatKey(line)}?versionId=${version} being ${status ?? "final"}`, async () => {
        const result = await readResult(resultsS3(clients(S3Client, line.account), bucket), line, version);
        const final = result !== undefined && finalStatuses.includes(result.status);
        if (status === undefined) return final ? result : undefined;
        if (result?.status === status) return result;
        if (final)
          throw new NotSeen(`expected ${status}, but the result is ${JSON.stringify(result, null, 1)}`);
        return undefined;
      }),
    decide: async (line, decision, summary) => {
      const deps = approvalDeps(await asRole(location, line.account, "kedge-approver"));
      const approval = await pendingApproval(deps, { line });
      await decideApproval(deps, { line, approval, decision, digest: approval.digest, summary });
    },
    executions: async (line) => {
      const client = clients(CodePipelineClient, line.account);
      return (
        (await executionsOf(client, pipelineName(line))) ??
        (await executionsOf(client, formerPipelineName(line))) ??
        []
      );
    },
    outputs: async (line, environment) =>
      Object.fromEntries(
        ((await appStack(line, environment))?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
          OutputKey ?? "",
          OutputValue ?? "",
        ]),
      ),
    stacksLeft: async (line) => {
      const anchor = Object.entries(accounts).find(([, id]) => id === line.account)?.[0];
      const inAnchor = Object.entries(accounts).filter(
        ([name]) => name === anchor || name.startsWith(`${anchor}-`),
      );
      const lists = await Promise.all(
        inAnchor.map(async ([account, id]) => {
          const names = await stackNames(clients(CloudFormationClient, id));
          return names.filter((name) => name.includes(lineCode(line))).map((name) => `${account}: ${name}`);
        }),
      );
      return lists.flat();
    },
  };
}

async function describe(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

/** Undefined when there is no such pipeline. */
async function executionsOf(
  client: CodePipelineClient,
  name: string,
): Promise<readonly PipelineExecutionSummary[] | undefined> {
  try {
    const found = await client.send(new ListPipelineExecutionsCommand({ pipelineName: name }));
    return found.pipelineExecutionSummaries ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === "PipelineNotFoundException") return undefined;
    throw error;
  }
}

const alive = Object.values(StackStatus).filter((status) => status !== "DELETE_COMPLETE");

async function stackNames(client: CloudFormationClient): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStacksCommand({ StackStatusFilter: alive, NextToken }));
    names.push(...(page.StackSummaries ?? []).map(({ StackName }) => StackName ?? ""));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return names;
}

/** Returns the artifact version that an execution releases. */
export const versionOf = ({ sourceRevisions }: PipelineExecutionSummary): string | undefined =>
  sourceRevisions?.[0]?.revisionSummary?.split(" ")[0];
