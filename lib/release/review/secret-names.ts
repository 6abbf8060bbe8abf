/**
 * Decides by its name whether a property may hold a secret. A name counts when it ends in the word of a secret:
 * `AuthToken` and `DB_PASSWORD` do, `NextTokenPage`, `TokenValidityUnits` and `SecretArn` do not.
 */

const secrets = new Set([
  ...["secret", "password", "passwd", "passphrase", "pwd", "token", "credential", "authorization"],
  ...["apikey", "privatekey", "secretkey", "sharedkey", "accesskey", "connectionstring", "userdata"],
  ...["masterusername", "masteruser"],
]);
/** Lower-case names without a border between words. */
const joinedNames = /(password|passwd|secret|token|apikey|privatekey)$/;
/** Words behind the word of a secret that do not change its meaning, as in `SecretString` and `token_value`. */
const neutral = new Set(["string", "binary", "value", "plaintext"]);

export function namesSecret(name: string): boolean {
  const words = name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) => word.toLowerCase().replace(/\d+$/, ""))
    .filter((word) => word !== "");
  if (secrets.has(words.join(""))) return true;
  while (words.length > 1 && neutral.has(words.at(-1) ?? "")) words.pop();
  const [last = "", before = ""] = words.toReversed().map(singular);
  return secrets.has(last) || secrets.has(`${before}${last}`) || joinedNames.test(last);
}

const singular = (word: string): string => (word.endsWith("ss") ? word : word.replace(/s$/, ""));

/** Maps and lists of settings whose values applications use for secrets. Each value below is hidden. */
export const holdsSettings = (name: string): boolean =>
  /^(environment|variables|environmentvariables|stagevariables|envvars?)$/i.test(name);
