/**
 * Tells whether a release may have secrets in its deployment. Prepare says it in a variable of its action, and
 * the result copies words of AWS only if the variable says that there are none.
 */

export const secretUse = { variable: "Secrets", none: "none", used: "used" } as const;

/**
 * Words of templates and settings that handle secrets: references of CloudFormation, Kedge, ECS and CodeBuild,
 * and permissions to read secrets. Each dynamic reference counts that is not plain `ssm`.
 */
const signs =
  /secretsmanager|secrets_manager|parameter_store|ssm-secure|valuefrom|\$\{secret:|resolve:(?!ssm:)/i;

export const mentionsSecrets = (texts: readonly string[]): boolean => texts.some((text) => signs.test(text));

export const secretsVariable = (used: boolean): Readonly<Record<string, string>> => ({
  [secretUse.variable]: used ? secretUse.used : secretUse.none,
});
