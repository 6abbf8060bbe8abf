/**
 * A parameter or secret by its ARN, as services take it that fetch the value themselves (the `valueFrom` of an ECS
 * secret). Account and region may be CloudFormation's `${AWS::AccountId}` and `${AWS::Region}` for a Fn::Sub.
 */
import type { ParameterReference, SecretReference } from "#release/document/references.ts";

type NamedSetting = {
  readonly name: string;
  /** The value for the service. A secret's key follows its ARN. */
  readonly valueFrom: string;
  /** The resource for a policy. The ARN of a secret ends in random characters, so it is a pattern. */
  readonly arn: string;
  /** Known of a secret; whether a parameter is a SecureString only the target knows. */
  readonly secure?: true;
};

export function namedSetting(
  reference: ParameterReference | SecretReference,
  { account, region }: { readonly account: string; readonly region: string },
): NamedSetting {
  const { name } = reference;
  if (reference.kind === "ssm") {
    const arn = `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
    return { name, arn, valueFrom: reference.version === undefined ? arn : `${arn}:${reference.version}` };
  }
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;
  const valueFrom = reference.key === undefined ? secret : `${secret}:${reference.key}::`;
  return { name, arn: `${secret}-??????`, valueFrom, secure: true };
}
