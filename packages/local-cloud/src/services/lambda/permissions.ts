/**
 * AddPermission, RemovePermission and GetPolicy edit a function's resource policy, by statement and by
 * qualifier.
 */
import { createHash } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { conflict, constraint, notFound } from "./errors.ts";
import {
  findFunction,
  findVersion,
  functionAccess,
  functionArn,
  parseFunctionName,
} from "./function-name.ts";
import type { LambdaState, Statement } from "./state.ts";

const revisionOf = (statements: readonly Statement[]): string =>
  createHash("md5")
    .update(JSON.stringify(statements))
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

export const addPermission: OperationOf<typeof lambda, LambdaState, "AddPermission"> = {
  access: ({ FunctionName, Principal }, call) => ({
    ...functionAccess("AddPermission", FunctionName, call),
    context: { "lambda:Principal": Principal },
  }),
  run: (input, call) => {
    const name = parseFunctionName(input.FunctionName, call, input.Qualifier);
    const { state, row } = findFunction(name, call);
    findVersion(name, call);
    const { StatementId = "", Action = "", Principal = "" } = input;
    if (!/^[\w-]{1,100}$/.test(StatementId))
      throw constraint(
        StatementId,
        "statementId",
        "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
      );
    if (!/^(lambda:(\*|[a-zA-Z]+)|\*)$/.test(Action))
      throw constraint(
        Action,
        "action",
        "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])",
      );
    const key = name.qualifier ?? "";
    const statements = row.policies[key] ?? [];
    if (statements.some(({ Sid }) => Sid === StatementId))
      throw conflict(
        `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    const conditions = {
      ...(input.SourceAccount !== undefined && {
        StringEquals: { "AWS:SourceAccount": input.SourceAccount },
      }),
      ...(input.SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
    };
    const equals = {
      ...conditions.StringEquals,
      ...(input.PrincipalOrgID !== undefined && { "aws:PrincipalOrgID": input.PrincipalOrgID }),
      ...(input.EventSourceToken !== undefined && { "lambda:EventSourceToken": input.EventSourceToken }),
      ...(input.FunctionUrlAuthType !== undefined && {
        "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType,
      }),
    };
    const condition = {
      ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
      ...(conditions.ArnLike && { ArnLike: conditions.ArnLike }),
    };
    const statement: Statement = {
      Sid: StatementId,
      Effect: "Allow",
      Principal: principalOf(Principal),
      Action,
      Resource: functionArn(name),
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    };
    state.functions.set(row.name, {
      ...row,
      policies: { ...row.policies, [key]: [...statements, statement] },
    });
    return { Statement: JSON.stringify(statement) };
  },
};

const principalOf = (principal: string): unknown =>
  principal === "*"
    ? "*"
    : /^\d{12}$/.test(principal)
      ? { AWS: `arn:aws:iam::${principal}:root` }
      : principal.startsWith("arn:")
        ? { AWS: principal }
        : { Service: principal };

export const removePermission: OperationOf<typeof lambda, LambdaState, "RemovePermission"> = {
  access: ({ FunctionName }, call) => functionAccess("RemovePermission", FunctionName, call),
  run: ({ FunctionName, Qualifier, StatementId }, call) => {
    const name = parseFunctionName(FunctionName, call, Qualifier);
    const { state, row } = findFunction(name, call);
    const key = name.qualifier ?? "";
    const statements = row.policies[key] ?? [];
    const left = statements.filter(({ Sid }) => Sid !== StatementId);
    if (left.length === statements.length)
      throw notFound(
        statements.length === 0
          ? "No policy is associated with the given resource."
          : `Statement ${StatementId} is not found in resource policy.`,
      );
    const { [key]: _removed, ...others } = row.policies;
    state.functions.set(row.name, {
      ...row,
      policies: left.length === 0 ? others : { ...others, [key]: left },
    });
    return {};
  },
};

export const getPolicy: OperationOf<typeof lambda, LambdaState, "GetPolicy"> = {
  access: ({ FunctionName }, call) => functionAccess("GetPolicy", FunctionName, call),
  run: ({ FunctionName, Qualifier }, call) => {
    const name = parseFunctionName(FunctionName, call, Qualifier);
    const statements = findFunction(name, call).row.policies[name.qualifier ?? ""];
    if (statements === undefined) throw notFound("The resource you requested does not exist.");
    return {
      Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements }),
      RevisionId: revisionOf(statements),
    };
  },
};
