/**
 * The properties that hold resource policies, by type of resource, as the schemas of CloudFormation's registry name
 * them. A test compares the table with the schemas: each property that is named like a policy has an answer there.
 */

/** Paths of properties; `*` stands for each item. */
export const policyProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::AIOps::InvestigationGroup": ["InvestigationGroupPolicy"],
  "AWS::APS::ResourcePolicy": ["PolicyDocument"],
  "AWS::ApiGateway::DomainNameV2": ["Policy"],
  "AWS::ApiGateway::RestApi": ["Policy"],
  "AWS::Backup::BackupVault": ["AccessPolicy"],
  "AWS::Backup::LogicallyAirGappedBackupVault": ["AccessPolicy"],
  "AWS::Bedrock::KnowledgeBasePolicy": ["PolicyDocument"],
  "AWS::Bedrock::ResourcePolicy": ["PolicyDocument"],
  "AWS::BedrockAgentCore::ResourcePolicy": ["Policy"],
  "AWS::CloudTrail::ResourcePolicy": ["ResourcePolicy"],
  "AWS::CodeArtifact::Domain": ["PermissionsPolicyDocument"],
  "AWS::CodeArtifact::Repository": ["PermissionsPolicyDocument"],
  "AWS::Comprehend::DocumentClassifier": ["ModelPolicy"],
  "AWS::Comprehend::EntityRecognizer": ["ModelPolicy"],
  "AWS::DSQL::Cluster": ["PolicyDocument"],
  "AWS::DynamoDB::GlobalTable": [
    "Replicas.*.ResourcePolicy.PolicyDocument",
    "Replicas.*.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument",
  ],
  "AWS::DynamoDB::Table": [
    "ResourcePolicy.PolicyDocument",
    "StreamSpecification.ResourcePolicy.PolicyDocument",
  ],
  "AWS::ECR::PublicRepository": ["RepositoryPolicyText"],
  "AWS::ECR::RegistryPolicy": ["PolicyText"],
  "AWS::ECR::Repository": ["RepositoryPolicyText"],
  "AWS::ECR::RepositoryCreationTemplate": ["RepositoryPolicy"],
  "AWS::EFS::FileSystem": ["FileSystemPolicy"],
  "AWS::Elasticsearch::Domain": ["AccessPolicies"],
  "AWS::EventSchemas::RegistryPolicy": ["Policy"],
  "AWS::Events::EventBus": ["Policy"],
  "AWS::Events::EventBusPolicy": ["Statement"],
  "AWS::EventsV2::ResourcePolicy": ["PolicyDocument"],
  "AWS::FSx::S3AccessPointAttachment": ["S3AccessPoint.Policy"],
  "AWS::KMS::Key": ["KeyPolicy"],
  "AWS::KMS::ReplicaKey": ["KeyPolicy"],
  "AWS::Kinesis::ResourcePolicy": ["ResourcePolicy"],
  "AWS::Kinesis::Stream": ["ResourcePolicy"],
  "AWS::Lambda::ResourcePolicy": ["Policy", "PolicyDocument", "ResourcePolicy"],
  "AWS::Lex::ResourcePolicy": ["Policy"],
  "AWS::Logs::DeliveryDestination": ["DeliveryDestinationPolicy.DeliveryDestinationPolicy"],
  "AWS::Logs::Destination": ["DestinationPolicy"],
  "AWS::Logs::LogGroup": ["ResourcePolicyDocument"],
  "AWS::Logs::ResourcePolicy": ["PolicyDocument"],
  "AWS::MSK::ClusterPolicy": ["Policy"],
  "AWS::MediaPackageV2::ChannelPolicy": ["Policy"],
  "AWS::MediaPackageV2::OriginEndpointPolicy": ["Policy"],
  "AWS::MediaStore::Container": ["Policy"],
  "AWS::MediaTailor::ChannelPolicy": ["Policy"],
  "AWS::OSIS::Pipeline": ["ResourcePolicy.Policy"],
  "AWS::Oam::Sink": ["Policy"],
  "AWS::Omics::SequenceStore": ["S3AccessPolicy"],
  "AWS::OpenSearchService::Domain": ["AccessPolicies"],
  "AWS::PaymentCryptography::Key": ["Policy"],
  "AWS::RUM::AppMonitor": ["ResourcePolicy.PolicyDocument"],
  "AWS::Redshift::Cluster": ["NamespaceResourcePolicy"],
  "AWS::RedshiftServerless::Namespace": ["NamespaceResourcePolicy"],
  "AWS::S3::AccessPoint": ["Policy"],
  "AWS::S3::BucketPolicy": ["PolicyDocument"],
  "AWS::S3::MultiRegionAccessPointPolicy": ["Policy"],
  "AWS::S3Express::AccessPoint": ["Policy"],
  "AWS::S3Express::BucketPolicy": ["PolicyDocument"],
  "AWS::S3Files::FileSystemPolicy": ["Policy"],
  "AWS::S3ObjectLambda::AccessPointPolicy": ["PolicyDocument"],
  "AWS::S3Outposts::AccessPoint": ["Policy"],
  "AWS::S3Outposts::BucketPolicy": ["PolicyDocument"],
  "AWS::S3Tables::TableBucketPolicy": ["ResourcePolicy"],
  "AWS::S3Tables::TablePolicy": ["ResourcePolicy"],
  "AWS::S3Vectors::VectorBucketPolicy": ["Policy"],
  "AWS::SMSVOICE::ResourcePolicy": ["PolicyDocument"],
  "AWS::SNS::TopicInlinePolicy": ["PolicyDocument"],
  "AWS::SNS::TopicPolicy": ["PolicyDocument"],
  "AWS::SQS::QueueInlinePolicy": ["PolicyDocument"],
  "AWS::SQS::QueuePolicy": ["PolicyDocument"],
  "AWS::SSM::ResourcePolicy": ["Policy"],
  "AWS::SageMaker::ModelPackageGroup": ["ModelPackageGroupPolicy"],
  "AWS::SecretsManager::ResourcePolicy": ["ResourcePolicy"],
  "AWS::VpcLattice::AuthPolicy": ["Policy"],
  "AWS::VpcLattice::ResourcePolicy": ["Policy"],
  "AWS::XRay::ResourcePolicy": ["PolicyDocument"],
};

/** The trust policies of roles. */
export const trustProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::Role": ["AssumeRolePolicyDocument"],
  "AWS::Serverless::Function": ["AssumeRolePolicyDocument"],
};

/**
 * Types whose policies admit no principal: policies of identities, and policies that limit the calls through an
 * endpoint or a session. The policies of the called resource admit (IAM User Guide, "Policy types").
 */
const withoutPrincipals =
  /^AWS::(EC2::(VPCEndpoint|VerifiedAccess\w+)|EKS::PodIdentityAssociation|IAM::|IVS::Channel|IoT::Policy|Logs::AccountPolicy|NetworkManager::CoreNetwork|ODB::OdbNetwork|OpenSearchServerless::|SES::|SSO::PermissionSet|Transfer::User)/;

export const takesNoPrincipal = (type: string): boolean => withoutPrincipals.test(type);

/**
 * Types whose policy opens an API. Without a policy every caller reaches the API as well, and its authorizers decide.
 * So an anonymous principal in the policy is shown, like a method without an authorizer.
 */
export const opensApi = (type: string): boolean =>
  /^AWS::(ApiGateway(V2)?|Serverless)::/.test(type) && !takesNoPrincipal(type);
