/** Lists the sources that the rules of a security group admit, and the blocks of a prefix list. */
import { isObject } from "#release/document/template-document.ts";
import { internetBlocks, isInternet, portsOf, prefixesOf } from "#release/rules/reading/ingress.ts";
import type { ReadResource } from "#release/rules/reading/resources.ts";
import type { Scope } from "#release/rules/reading/scope.ts";
import { textOf } from "#release/rules/reading/seen.ts";
import { itemsOf } from "#release/rules/reading/values.ts";
import { type Grant, grant, shownText } from "./grant.ts";

const sources = [
  ...["CidrIp", "CidrIpv6", "CIDRIP", "SourcePrefixListId"],
  ...["SourceSecurityGroupId", "SourceSecurityGroupName", "EC2SecurityGroupId", "EC2SecurityGroupName"],
];

export function ingressGrants({ type, properties }: ReadResource, scope: Scope): readonly Grant[] {
  if (type === "AWS::EC2::PrefixList")
    return prefixesOf(properties, scope).map((seen) =>
      grant(seen.value, isInternet(textOf(seen)) ? 0 : 4, `lists the block ${shownText(seen)}`),
    );
  const rules = /SecurityGroupIngress$/.test(type)
    ? [{ value: properties }]
    : itemsOf(properties["SecurityGroupIngress"] ?? properties["DBSecurityGroupIngress"], scope);
  return rules.flatMap((rule) => {
    if (!isObject(rule.value)) return [grant(rule.value, 1, `lets … in through ${type}`)];
    const given = rule.value;
    const [from, to] = portsOf(given, scope);
    const ports = from < 0 ? "ICMP" : from === to ? `port ${from}` : `ports ${from} to ${to}`;
    return sources.flatMap((name) => {
      const severity = internetBlocks(name, given[name], scope).length > 0 ? 0 : 4;
      return itemsOf(given[name], scope).map((seen) =>
        grant(given, severity, `lets ${seen.resource ?? shownText(seen)} in at ${ports}`),
      );
    });
  });
}
