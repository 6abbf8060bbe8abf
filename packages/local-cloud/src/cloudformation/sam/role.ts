/** Creates the role of a function or a state machine from its `Policies`. */
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { list, members, object } from "./document.ts";
import { policyTemplates } from "./policy-templates.ts";
import { resourceProblem } from "./sam-error.ts";

type RoleRequest = {
  readonly id: string;
  readonly service: string;
  readonly properties: JsonObject;
  readonly managed: readonly Json[];
  readonly inline?: readonly JsonObject[];
  readonly attributes: JsonObject;
  readonly tags: readonly JsonObject[];
};

const managedArn = (name: string): Json =>
  name.startsWith("arn:") ? name : { "Fn::Sub": `arn:\${AWS::Partition}:iam::aws:policy/${name}` };

export function roleFor(request: RoleRequest): JsonObject {
  const managed: Json[] = [...request.managed];
  const inline: JsonObject[] = [];
  const name = `${request.id}RolePolicy`;
  for (const policy of list(request.properties["Policies"])) {
    const index = inline.length;
    if (typeof policy === "string") managed.push(managedArn(policy));
    else if (!isObject(policy)) throw resourceProblem(request.id, "Invalid policy in 'Policies'.");
    else if (policy["Statement"] !== undefined) {
      inline.push({ PolicyName: `${name}${index}`, PolicyDocument: { Version: "2012-10-17", ...policy } });
    } else inline.push(...fromTemplate(request.id, policy, name, index, managed));
  }
  const boundary = request.properties["PermissionsBoundary"];
  const path = request.properties["RolePath"];
  const policies = [...inline, ...(request.inline ?? [])];
  return {
    Type: "AWS::IAM::Role",
    ...request.attributes,
    Properties: members({
      AssumeRolePolicyDocument:
        object(request.properties["AssumeRolePolicyDocument"])["Statement"] !== undefined
          ? request.properties["AssumeRolePolicyDocument"]
          : {
              Version: "2012-10-17",
              Statement: [
                { Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [request.service] } },
              ],
            },
      ManagedPolicyArns: managed.length === 0 ? undefined : dedupe(managed),
      Policies: policies.length === 0 ? undefined : policies,
      PermissionsBoundary: boundary,
      Path: path,
      Tags: request.tags,
    }),
  };
}

const dedupe = (values: readonly Json[]): readonly Json[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

function fromTemplate(
  id: string,
  policy: JsonObject,
  name: string,
  index: number,
  managed: Json[],
): readonly JsonObject[] {
  const [entry] = Object.entries(policy);
  if (!entry) return [];
  const [template, parameters] = entry;
  if (template === "Ref" || template.startsWith("Fn::")) {
    managed.push(policy);
    return [];
  }
  const fill = policyTemplates[template];
  if (!fill) {
    throw resourceProblem(id, `Policy template '${template}' is not known.`);
  }
  return [
    {
      PolicyName: `${name}${index}`,
      PolicyDocument: { Version: "2012-10-17", Statement: fill(object(parameters)) },
    },
  ];
}
