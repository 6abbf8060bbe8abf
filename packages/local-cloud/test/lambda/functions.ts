/** Opens a cloud in which a test creates functions from source text in one line. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { ZipFile } from "yazl";
import { testCloud } from "#cloud/testing/cloud.ts";

export const ACCOUNT = "111111111111";

export async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), name);
  archive.end();
  const chunks: Buffer[] = [];
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `trusted` functions run in threads, which start sooner and share the files of the process. */
export async function lambdaCloud({ trusted = false }: { readonly trusted?: boolean } = {}) {
  const cloud = await testCloud({ frozen: true, isTrusted: () => trusted });
  const lambda = cloud.client(LambdaClient, ACCOUNT);
  const iam = cloud.client(IAMClient, ACCOUNT);
  /** Creates a role that `service` may assume and that may do `actions` on every resource. */
  const role = async (name: string, actions: readonly string[] = [], service = "lambda.amazonaws.com") => {
    const trust = {
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    };
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", ...trust }),
      }),
    );
    if (actions.length > 0) {
      const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: "allowed",
          PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
        }),
      );
    }
    return `arn:aws:iam::${ACCOUNT}:role/${name}`;
  };
  const defaultRole = await role("functions", ["logs:*", "sqs:*", "sns:*"]);
  /** Creates a function and waits until it is active. */
  const create = async (
    name: string,
    files: Readonly<Record<string, string>>,
    options: Partial<CreateFunctionCommandInput> = {},
  ) => {
    const made = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: defaultRole,
        Code: { ZipFile: await zip(files) },
        ...options,
      }),
    );
    await cloud.clock.push(1000);
    return made;
  };
  const invoke = async (name: string, event: unknown = {}, options: Partial<InvokeCommandInput> = {}) => {
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: "Tail", ...options }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString("utf8");
    return {
      ...answer,
      payload: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>),
      log: Buffer.from(answer.LogResult ?? "", "base64").toString("utf8"),
    };
  };
  return { cloud, lambda, iam, role, defaultRole, create, invoke, [Symbol.asyncDispose]: () => cloud.stop() };
}
