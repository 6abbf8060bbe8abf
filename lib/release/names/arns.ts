/** The ARNs that the product builds itself. */

export const roleArn = (account: string, role: string): string => `arn:aws:iam::${account}:role/${role}`;

/** The anchor's cache key in another region: copies of a multi-Region key have its id. */
export const keyIn = (keyArn: string, region: string): string =>
  keyArn.replace(/^(arn:aws:kms):[^:]*:/, `$1:${region}:`);
