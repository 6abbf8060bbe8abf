/** Reads the rules of security groups that let the internet in, with their ports. */
import { isObject, type PlainObject } from "#release/document/template-document.ts";
import type { ReadResource } from "./resources.ts";
import type { Scope } from "./scope.ts";
import { type Doubt, hole, type Seen, textOf } from "./seen.ts";
import { itemsOf, valuesOf } from "./values.ts";

export type OpenIngress = {
  readonly property: string;
  /** The block of addresses as it is written. */
  readonly block: string;
  /** All ports where the protocol has none, or where a port is not known. */
  readonly ports: readonly [from: number, to: number];
  readonly undecided?: Doubt;
};

const all = [0, 65_535] as const;

export function openIngress({ type, properties }: ReadResource, scope: Scope): readonly OpenIngress[] {
  switch (type) {
    case "AWS::EC2::SecurityGroup":
      return listed(properties, "SecurityGroupIngress", scope);
    case "AWS::EC2::SecurityGroupIngress":
      return opened({ value: properties }, "CidrIp", scope);
    case "AWS::RDS::DBSecurityGroup":
      return listed(properties, "DBSecurityGroupIngress", scope);
    case "AWS::RDS::DBSecurityGroupIngress":
    case "AWS::Redshift::ClusterSecurityGroupIngress":
      return opened({ value: properties }, "CIDRIP", scope);
    default:
      return [];
  }
}

const listed = (properties: PlainObject, property: string, scope: Scope): readonly OpenIngress[] =>
  itemsOf(properties[property], scope).flatMap((rule) => opened(rule, property, scope));

/** The rules of a list that is not known may let the internet in. */
function opened(rule: Seen, property: string, scope: Scope): readonly OpenIngress[] {
  if (!isObject(rule.value))
    return [
      { property, block: "…", ports: all, undecided: rule.doubt ?? { why: "the rule cannot be read" } },
    ];
  const given = rule.value;
  return ["CidrIp", "CidrIpv6", "CIDRIP"]
    .flatMap((name) => valuesOf(given[name], scope))
    .filter((block) => isInternet(textOf(block)))
    .map((block): OpenIngress => {
      const undecided =
        (textOf(block).includes(hole) ? (block.doubt ?? { why: "its value is no text" }) : block.maybe) ??
        rule.maybe;
      return {
        property,
        block: textOf(block).replaceAll(hole, "…"),
        ports: portsOf(given, scope),
        ...(undecided && { undecided }),
      };
    });
}

/**
 * A block that is larger than every private block holds addresses of the internet. Two halves of the internet are as
 * open as the whole. The private blocks end at 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193).
 */
function isInternet(block: string): boolean {
  if (block.includes(hole)) return true;
  const [address = "", length = ""] = block.toLowerCase().split("/");
  if (length === "") return false;
  const bits = Number(length);
  return address.includes(":") ? bits < 16 && !/^f[cd]/.test(address) : bits < 8;
}

export function portsOf(rule: PlainObject, scope: Scope): OpenIngress["ports"] {
  const protocols = valuesOf(rule["IpProtocol"], scope).map(textOf);
  if (protocols.some((protocol) => /^icmp|^1$|^58$/.test(protocol))) return [-1, -1];
  const number = (name: string, unknown: number): number => {
    const [seen, ...more] = valuesOf(rule[name], scope);
    const port = Number(seen && more.length === 0 ? textOf(seen) : Number.NaN);
    return Number.isInteger(port) && port >= 0 ? port : unknown;
  };
  if (!protocols.every((protocol) => /^(tcp|udp|6|17)$/.test(protocol))) return all;
  return [number("FromPort", all[0]), number("ToPort", all[1])];
}
