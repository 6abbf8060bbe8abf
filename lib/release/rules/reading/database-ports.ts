/** The default ports of AWS's databases, caches, file systems, search domains and brokers, by the user guide of each service. */
const ports: Readonly<Record<number, string>> = {
  1433: "SQL Server",
  1521: "Oracle",
  2049: "EFS",
  2484: "Oracle",
  3306: "MySQL",
  5432: "PostgreSQL",
  5439: "Redshift",
  5671: "RabbitMQ",
  6379: "Redis",
  8182: "Neptune",
  9042: "Cassandra",
  9092: "Kafka",
  9094: "Kafka",
  9096: "Kafka",
  9098: "Kafka",
  9142: "Keyspaces",
  9200: "OpenSearch",
  11211: "Memcached",
  27017: "DocumentDB",
  50000: "Db2",
  61617: "ActiveMQ",
};

/** The databases in a range of ports, each as `5432 (PostgreSQL)`. */
export const databasesAt = ([from, to]: readonly [from: number, to: number]): readonly string[] =>
  Object.entries(ports)
    .filter(([port]) => Number(port) >= from && Number(port) <= to)
    .map(([port, kind]) => `${port} (${kind})`);
