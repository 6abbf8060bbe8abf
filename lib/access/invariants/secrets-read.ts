/** Checks that no role of Kedge but the execution role reads the value of a secret or of a secure parameter. */
import type { Analysis } from "#access/analysis.ts";
import type { Probe } from "#access/relation.ts";
import { aKeyOfParameters } from "#access/resource.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const reads: readonly string[] = ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"];

export const secretsRead: Invariant = {
  name: "secrets-read",
  sentence:
    "Of Kedge's roles, only kedge-cloudformation reads the value of a secret, for the stack that it makes. No other role that reads parameters decrypts secure ones.",
  objection: (probe, about) => {
    const { action, actor } = probe;
    if (actor.kind !== "role" || actor.name === roles.cloudformation) return undefined;
    if (reads.includes(action)) return "a value that a role of Kedge reads could reach a result or a log";
    const other = isDecryption(probe) ? readsParameter : readsParameter(probe) ? isDecryption : undefined;
    return other && may(actor, other, about)
      ? "it reads parameters and decrypts secure ones, so a value could reach a result or a log"
      : undefined;
  },
};

const isDecryption = ({ action, resource }: Probe): boolean =>
  action === "kms:Decrypt" && resource.kind === aKeyOfParameters;
const readsParameter = ({ action, resource }: Probe): boolean =>
  /^ssm:GetParameter/.test(action) && !resource.ofAnApplication;

const may = (actor: Probe["actor"], is: (probe: Probe) => boolean, { relation }: Analysis): boolean =>
  relation.allowed.some((probe) => probe.actor === actor && is(probe));
