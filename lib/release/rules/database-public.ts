/** Finds databases, brokers and clusters with an address in the public internet. */
import { valuesOf } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";
import { settingSightings } from "./setting-sightings.ts";

const database = (PubliclyAccessible: boolean) => ({
  Database: {
    Type: "AWS::RDS::DBInstance",
    Properties: { DBInstanceClass: "db.t4g.micro", Engine: "postgres", PubliclyAccessible },
  },
});

/** The property that gives an address in the internet, by type. */
const properties: Readonly<Record<string, string>> = {
  "AWS::RDS::DBInstance": "PubliclyAccessible",
  "AWS::RDS::DBCluster": "PubliclyAccessible",
  "AWS::Neptune::DBInstance": "PubliclyAccessible",
  "AWS::Redshift::Cluster": "PubliclyAccessible",
  "AWS::RedshiftServerless::Workgroup": "PubliclyAccessible",
  "AWS::DMS::ReplicationInstance": "PubliclyAccessible",
  "AWS::AmazonMQ::Broker": "PubliclyAccessible",
  "AWS::MSK::Cluster": "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
};

const closed = ["false", "DISABLED"];

export const databasePublic: Rule = {
  says: "Databases have no address in the public internet.",
  severity: { protected: "refuse", others: "warn" },
  examples: { passes: database(false), fails: database(true) },
  find: (input) => {
    const property = properties[input.resource.type];
    if (property === undefined) return [];
    return [
      ...settingSightings(
        input,
        property,
        (value) => !closed.includes(value),
        "has an address in the public internet",
      ),
      ...byDefault(input),
    ];
  },
};

/**
 * Without a subnet group the default VPC decides, and most default VPCs have an internet gateway (user guide of
 * RDS, "PubliclyAccessible"). An instance of a cluster has the subnet group of the cluster.
 */
function byDefault({ resource: { type, properties: given }, scope }: RuleInput): readonly Sighting[] {
  if (type !== "AWS::RDS::DBInstance") return [];
  const said = [
    "PubliclyAccessible",
    "DBSubnetGroupName",
    "DBClusterIdentifier",
    "SourceDBInstanceIdentifier",
  ];
  if (said.some((name) => valuesOf(given[name], scope).length > 0)) return [];
  const why = "the default VPC decides whether it has a public address; write PubliclyAccessible: false";
  return [{ property: "PubliclyAccessible", seen: "may have a public address", undecided: { why } }];
}
