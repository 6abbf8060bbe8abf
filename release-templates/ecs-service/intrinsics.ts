/** CloudFormation's functions and statements, as the generated templates use them. */

import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { boundary } from "#release/stack/role-boundary.ts";

export const ref = (id: string): PlainObject => ({ Ref: id });
export const attribute = (id: string, name: string): PlainObject => ({ "Fn::GetAtt": [id, name] });
const sub = (text: string): PlainObject => ({ "Fn::Sub": text });

/** Of this account and region. */
export const arn = (service: string, resource: string): PlainObject =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

const allow = (actions: readonly string[], resources: readonly PlainValue[]): PlainObject => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

type Permission = { readonly actions: readonly string[]; readonly resources: readonly PlainValue[] };

/** A role of the application: named after its stack, capped by the boundary. */
export const role = (service: string, permissions: readonly Permission[]): PlainObject => ({
  Type: "AWS::IAM::Role",
  Properties: {
    PermissionsBoundary: boundary,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    ...(permissions.length > 0 && {
      Policies: [
        {
          PolicyName: "service",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: permissions.map(({ actions, resources }) => allow(actions, resources)),
          },
        },
      ],
    }),
  },
});
