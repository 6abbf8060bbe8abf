/**
 * Resource types that hold data. A replacement or a removal of such a resource loses the data, unless its policy
 * keeps it, so a review names these resources first.
 */
const dataTypes: ReadonlySet<string> = new Set([
  "AWS::Backup::BackupVault",
  "AWS::Cognito::UserPool",
  "AWS::DocDB::DBCluster",
  "AWS::DynamoDB::GlobalTable",
  "AWS::DynamoDB::Table",
  "AWS::EC2::Volume",
  "AWS::ECR::Repository",
  "AWS::EFS::FileSystem",
  "AWS::ElastiCache::CacheCluster",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::KMS::Key",
  "AWS::Kinesis::Stream",
  "AWS::Logs::LogGroup",
  "AWS::Neptune::DBCluster",
  "AWS::OpenSearchService::Domain",
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::Redshift::Cluster",
  "AWS::S3::Bucket",
  "AWS::SQS::Queue",
  "AWS::SecretsManager::Secret",
  "AWS::Timestream::Table",
]);

export const holdsData = (type: string): boolean => dataTypes.has(type);
