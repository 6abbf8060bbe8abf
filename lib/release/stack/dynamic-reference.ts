/**
 * Writes secrets as CloudFormation's dynamic references, the only form in which Kedge writes them.
 * CloudFormation reads the secret with the stack's role when it creates the resource.
 */
import type { ParameterReference, SecretReference } from "#release/document/references.ts";

/** The version is written out, so that a changed secret is a changed template, and rolls back with it. */
export const secureParameter = ({ name }: ParameterReference, version: number): string =>
  `{{resolve:ssm-secure:${name}:${version}}}`;

export const secretValue = ({ name, key }: SecretReference): string =>
  key === undefined
    ? `{{resolve:secretsmanager:${name}}}`
    : `{{resolve:secretsmanager:${name}:SecretString:${key}}}`;

const secure = /\{\{resolve:(ssm-secure|secretsmanager):[^{}]*\}\}/;

export const holdsSecret = (text: string): boolean => secure.test(text);
export const holdsSecureParameter = (text: string): boolean => secure.exec(text)?.[1] === "ssm-secure";
