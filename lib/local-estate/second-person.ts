/**
 * Confirms an estate that loosens a gate in an embedded AWS on a laptop. One developer edits the estate file there,
 * so a role of the central account confirms it as the second person.
 */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { proposalDeps } from "#aws/deps-publish.ts";
import { OperateError } from "#operate/operate-error.ts";
import { confirmEstate } from "#operate/publish-estate.ts";
import { asRole } from "./as-role.ts";
import type { Clients } from "./clients.ts";

const name = "local-second-person";

type CentralEndpoint = {
  readonly clients: Clients;
  readonly endpoint: string;
  readonly region: string;
  readonly central: string;
};

/** Runs the publication, and confirms an estate that waits for a second person. */
export async function publishedByTwo(
  at: CentralEndpoint,
  estateText: string,
  publication: () => Promise<void>,
  onStep: (step: string) => void,
): Promise<void> {
  try {
    await publication();
  } catch (error) {
    if (!(error instanceof OperateError) || error.code !== "EstateWaits") throw error;
    onStep(`${error.message.split("\n").slice(0, -1).join("\n")}\nOn a laptop, ${name} confirms it.`);
    await makeRole(at);
    const { proposals } = await proposalDeps(await asRole(at, at.central, name));
    await confirmEstate(proposals, estateText);
  }
}

async function makeRole({ clients, central }: CentralEndpoint): Promise<void> {
  const iam = clients(IAMClient, central);
  const document = (statement: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const trust = document({ Principal: { AWS: central }, Action: "sts:AssumeRole" });
  await iam
    .send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }))
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== "EntityAlreadyExistsException") throw error;
    });
  const rights = document({ Action: ["s3:*", "lambda:InvokeFunction"], Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: name, PolicyDocument: rights }));
}
