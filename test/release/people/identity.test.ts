import { expect, test } from "vitest";
import { identityOfArn, identityOfPrincipalId } from "#release/people/identity.ts";

test.for([
  ["AWS:AROAEXAMPLE:bob", { kind: "session", role: "AROAEXAMPLE", name: "bob" }],
  ["AROAEXAMPLE:bob@example.com", { kind: "session", role: "AROAEXAMPLE", name: "bob@example.com" }],
  ["AWS:AIDAEXAMPLE", { kind: "user", name: "AIDAEXAMPLE" }],
  ["111111111111", { kind: "account", account: "111111111111", name: "111111111111" }],
  ["events.amazonaws.com", { kind: "service", name: "events.amazonaws.com" }],
  ["Anonymous", undefined],
  ["", undefined],
] as const)("identityOfPrincipalId reads %s", ([id, identity]) => {
  expect(identityOfPrincipalId(id)).toEqual(identity);
});

test.for([
  [
    "arn:aws:sts::111111111111:assumed-role/kedge-approver/bob",
    { kind: "session", account: "111111111111", role: "kedge-approver", name: "bob" },
  ],
  ["arn:aws:iam::111111111111:user/team/ann", { kind: "user", account: "111111111111", name: "ann" }],
  ["arn:aws:iam::111111111111:root", { kind: "account", account: "111111111111", name: "111111111111" }],
  ["arn:aws:iam::111111111111:role/kedge-approver", undefined],
  ["arn:aws:sts::111111111111:assumed-role/kedge-approver", undefined],
  ["nothing", undefined],
] as const)("identityOfArn reads %s", ([arn, identity]) => {
  expect(identityOfArn(arn)).toEqual(identity);
});
