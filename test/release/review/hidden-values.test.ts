/** Tests the values that a review hides and the values that it shows. */
import { describe, expect, it } from "vitest";
import { withHiddenValues } from "#release/review/hidden-values.ts";

const isHidden = (path: string, after: string): boolean => {
  const change = { logicalId: "It", type: "AWS::New::Thing", action: "Modify" } as const;
  const [property] = withHiddenValues({ ...change, properties: [{ path, after }] }).properties;
  expect(property).toEqual(property?.hidden ? { path, hidden: true } : { path, after });
  return property?.hidden ?? false;
};

describe("a review", () => {
  it.each<[string, string]>([
    ["/Properties/TableName", "next-token-page"],
    ["/Properties/NextTokenPage", "/pages/2"],
    ["/Properties/TokenValidityUnits", "hours"],
    ["/Properties/Policies/PasswordPolicy/MinimumLength", "8"],
    ["/Properties/SecretArn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/db-AbCdEf"],
    ["/Properties/AuthorizationType", "NONE"],
    ["/Properties/Environment", "prod"],
    ["/Properties/Description", "Reads the token of a page"],
    ["/Properties/Credentials", "arn:aws:iam::111122223333:role/api"],
    ["/Properties/MasterUserPassword", "{{resolve:secretsmanager:app/db:SecretString:password}}"],
    ["/Properties/Tags", '[{"Key":"token-owner","Value":"team"}]'],
    ["/Properties/Command", '["--token-page","2","--verbose","abc"]'],
    ["/Properties/Command/0", "serve"],
    ["/Properties/Tags/0/Value", "team"],
    ["/Properties/OptionSettings", '[{"OptionName":"MinSize","Value":"2"}]'],
    ["/Properties/AuthTokens", '["arn:aws:secretsmanager:us-east-1:111122223333:secret:app/db-AbCdEf"]'],
    ["/Properties/KeySchema", '[{"AttributeName":"nextTokenPage","KeyType":"HASH"}]'],
  ])("shows %s with the value %s", (path, value) => {
    expect(isHidden(path, value)).toBe(false);
  });

  it.each<[string, string]>([
    ["/Properties/AuthToken", "abc"],
    ["/Properties/SecretString", "abc"],
    ["/Properties/DB_PASSWORD2", "abc"],
    ["/Properties/dbpassword", "abc"],
    ["/Properties/Credentials", "abc"],
    ["/Properties/MasterUsername", "admin"],
    ["/Properties/UserData", "IyEvYmluL2Jhc2g="],
    ["/Properties/Environment/Variables/STAGE", "prod"],
    ["/Properties/Environment", '{"Variables":{"STAGE":"prod"}}'],
    ["/Properties/ContainerDefinitions", '[{"Environment":[{"Name":"STAGE","Value":"prod"}]}]'],
    ["/Properties/ContainerDefinitions/0/Environment/1/Value", "prod"],
    ["/Properties/Tags", '[{"Key":"token","Value":"abc"}]'],
    ["/Properties/Config", '{"db":{"password":"abc"}}'],
    ["/Properties/Config", '{"db":{"password":"abc… (cut'],
    ["/Properties/SecretString", '{"username":"app","pin":"1234"}'],
    ["/Properties/SecretString", '["abc"]'],
    ["/Properties/SecretString/pin", "1234"],
    ["/Properties/Config", '{"credentials":{"user":{"pin":1234}}}'],
    ["/Properties/OptionSettings", '[{"OptionName":"DB_PASSWORD","Value":"abc"}]'],
    ["/Properties/OptionSettings", '[{"OptionName":"DB_PASSWORD","Value":"abc… (cut'],
    ["/Properties/OptionSettings/0/Value", "abc"],
    ["/Properties/Parameters", '[{"ParameterKey":"AuthToken","ParameterValue":"abc"}]'],
    ["/Properties/Command", '["--password","abc"]'],
    ["/Properties/Command", '["--password","abc… (cut'],
    ["/Properties/Command", '["--passphrase=abc"]'],
    ["/Properties/Command", "serve --passphrase abc"],
    ["/Properties/Command/1", "abc"],
    ["/Properties/Definition", "Server=db;Password=abc;"],
    ["/Properties/Url", "https://user:abc@example.com"],
    ["/Properties/Id", "AKIAABCDEFGHIJKLMNOP"],
    ["/Properties/Key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["/Properties/Header", "eyJhbGciOiJI.eyJzdWIiOiIx.abc"],
    ["/Properties/Pat", "ghp_0123456789abcdef"],
    ["/Properties/Code/ZipFile", 'const api_key = "abc";'],
  ])("hides %s with the value %s", (path, value) => {
    expect(isHidden(path, value)).toBe(true);
  });
});
