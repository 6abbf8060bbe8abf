/**
 * Creates the names that CloudFormation gives to resources without a name: `<stack>-<logical id>-<random>`.
 */

export type NameRule = {
  readonly max: number;
  readonly lowerCase?: boolean;
  /** Stays at the end of the name, e.g. `.fifo`. */
  readonly suffix?: string;
};

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * `random` holds bytes that the caller drew. The same bytes give the same name, so that a resumed creation
 * finds its resource.
 */
export function physicalName(
  stackName: string,
  logicalId: string,
  random: Uint8Array,
  rule: NameRule,
): string {
  const token = Array.from(random.subarray(0, 12), (byte) => alphabet[byte % alphabet.length]).join("");
  const suffix = rule.suffix ?? "";
  const available = rule.max - token.length - suffix.length - 1;
  const whole = `${stackName}-${logicalId}`;
  const half = Math.floor(available / 2);
  const base =
    whole.length <= available
      ? whole
      : [
          stackName.slice(0, Math.max(half, available - 1 - logicalId.length)),
          logicalId.slice(
            0,
            available - 1 - Math.min(stackName.length, Math.max(half, available - 1 - logicalId.length)),
          ),
        ].join("-");
  const name = `${base}-${token}`;
  return `${rule.lowerCase ? name.toLowerCase() : name}${suffix}`;
}
