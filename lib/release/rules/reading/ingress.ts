/** Reads the rules of security groups that let the internet in, with their ports. */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import type { ReadResource } from "./resources.ts";
import { type Scope, sectionOf } from "./scope.ts";
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
  return blockNames
    .flatMap((name) => internetBlocks(name, given[name], scope))
    .map(({ text, undecided = rule.maybe }): OpenIngress => {
      const ports = portsOf(given, scope);
      return { property, block: text, ports, ...(undecided && { undecided }) };
    });
}

const blockNames = ["CidrIp", "CidrIpv6", "CIDRIP", "SourcePrefixListId"];

type Block = { readonly text: string; readonly undecided?: Doubt };

/** The blocks with addresses of the internet that the property `name` of a rule admits. */
export function internetBlocks(name: string, value: PlainValue | undefined, scope: Scope): readonly Block[] {
  if (!blockNames.includes(name)) return [];
  const read = name === "SourcePrefixListId" ? listedBlocks : internetBlock;
  return valuesOf(value, scope).flatMap((seen) => read(seen, scope));
}

function internetBlock(seen: Seen): readonly Block[] {
  const text = textOf(seen);
  if (!isInternet(text)) return [];
  const undecided = text.includes(hole) ? (seen.doubt ?? { why: "its value is no text" }) : seen.maybe;
  return [{ text: text.replaceAll(hole, "…"), ...(undecided && { undecided }) }];
}

/** The entries of a prefix list of the template. The account knows those of any other list, so they are undecided. */
function listedBlocks(seen: Seen, scope: Scope): readonly Block[] {
  const list =
    seen.resource === undefined ? undefined : sectionOf(scope.document, "Resources")[seen.resource];
  if (!isObject(list) || list["Type"] !== "AWS::EC2::PrefixList") {
    const undecided = seen.doubt ?? { why: "the prefix list is outside the template" };
    return [{ text: textOf(seen).replaceAll(hole, "…"), undecided }];
  }
  const properties = isObject(list["Properties"]) ? list["Properties"] : {};
  return prefixesOf(properties, scope)
    .flatMap(internetBlock)
    .map((block) => ({ ...(seen.maybe && { undecided: seen.maybe }), ...block }));
}

/** The blocks of a prefix list; a hole for an entry that cannot be read. */
export const prefixesOf = (properties: PlainObject, scope: Scope): readonly Seen[] =>
  itemsOf(properties["Entries"], scope).flatMap((entry) => {
    if (!isObject(entry.value)) return [entry];
    const { maybe } = entry;
    return valuesOf(entry.value["Cidr"], scope).map((seen) => ({ ...(maybe && { maybe }), ...seen }));
  });

/**
 * A block that is larger than every private block holds addresses of the internet. Two halves of the internet are as
 * open as the whole. The private blocks end at 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193).
 */
export function isInternet(block: string): boolean {
  if (block.includes(hole)) return true;
  const [address = "", length = ""] = block.toLowerCase().split("/");
  if (length === "") return false;
  const bits = Number(length);
  return address.includes(":") ? bits < 16 && !/^f[cd]/.test(address) : bits < 8;
}

export function portsOf(rule: PlainObject, scope: Scope): OpenIngress["ports"] {
  const protocols = valuesOf(rule["IpProtocol"], scope).map(textOf);
  const withPorts = protocols.filter((protocol) => !/^icmp|^1$|^58$/.test(protocol));
  if (protocols.length > 0 && withPorts.length === 0) return [-1, -1];
  const number = (name: string, unknown: number): number => {
    const [seen, ...more] = valuesOf(rule[name], scope);
    const port = Number(seen && more.length === 0 ? textOf(seen) : Number.NaN);
    return Number.isInteger(port) && port >= 0 ? port : unknown;
  };
  if (!withPorts.every((protocol) => /^(tcp|udp|6|17)$/.test(protocol))) return all;
  return [number("FromPort", all[0]), number("ToPort", all[1])];
}
