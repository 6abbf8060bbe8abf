/** Finds roles that identities of another provider may assume without a condition on who they are. */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { trustSightings } from "./policy-sightings.ts";
import type { Admission } from "./reading/admissions.ts";
import type { Rule } from "./rule.ts";

const federated = (Federated: string, Condition: PlainObject) => ({
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity", Condition },
        ],
      },
    },
  },
});

const cluster = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

export const trustFederated: Rule = {
  says: "Trust in a federated provider names the service account of a cluster or the identity pool it is for.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: federated(`arn:aws:iam::111122223333:oidc-provider/${cluster}`, {
      StringEquals: { [`${cluster}:sub`]: "system:serviceaccount:shop:orders" },
    }),
    fails: federated("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", {
      StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
    }),
  },
  find: (input) =>
    trustSightings(input, (admission) =>
      admission.who === "federated" && !isPinned(admission)
        ? `may be assumed by identities of ${admission.named} from outside the account`
        : undefined,
    ),
};

/**
 * Only two kinds of provider belong to the account itself: a cluster, with its service accounts, and an
 * identity pool, for users who have signed in.
 */
function isPinned({ named, statement }: Admission): boolean {
  if (named.includes("oidc-provider/oidc.eks.")) return tested(statement, /:sub$/, /^[^*?]+$/);
  if (named !== "cognito-identity.amazonaws.com") return false;
  return tested(statement, /:aud$/, /^[^*?]+$/) && tested(statement, /:amr$/, /^authenticated$/);
}

/** Operators that deny if the key is absent. */
const strict = /^(ForAnyValue:)?String(Equals|Like)$/;

function tested(statement: PlainObject, key: RegExp, value: RegExp): boolean {
  const condition = statement["Condition"];
  return Object.entries(isObject(condition) ? condition : {}).some(
    ([operator, keys]) =>
      strict.test(operator) &&
      isObject(keys) &&
      Object.entries(keys).some(
        ([name, given]) => key.test(name) && allOf(given).every((one) => fits(one, value)),
      ),
  );
}

const allOf = (given: PlainValue): readonly PlainValue[] =>
  Array.isArray(given) ? (given as readonly PlainValue[]) : [given];

/** A function, such as the Ref of an identity pool, names a single resource. */
const fits = (given: PlainValue, value: RegExp): boolean =>
  typeof given === "string" ? value.test(given) : isObject(given);
