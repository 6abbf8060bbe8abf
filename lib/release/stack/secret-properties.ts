/**
 * The properties that take a secret. Any other property could show it: a service repeats values that it refuses
 * in its error text, and names, roles and ARNs are readable by each principal that may list the resource.
 */

/** `*` stands for one key. Positions in lists are left out. */
const properties: Readonly<Record<string, readonly string[]>> = {
  // Environment variables, which the service never repeats in an error.
  "AWS::Lambda::Function": ["Environment.Variables.*"],
  "AWS::Serverless::Function": ["Environment.Variables.*"],
  "AWS::ECS::TaskDefinition": ["ContainerDefinitions.Environment.Value"],
  "AWS::AppRunner::Service": [
    "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables.Value",
    "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables.Value",
  ],
  "AWS::Batch::JobDefinition": ["ContainerProperties.Environment.Value"],
  // Credentials of databases, caches, brokers and search: write-only, or masked when they are read.
  "AWS::RDS::DBCluster": ["MasterUsername", "MasterUserPassword"],
  "AWS::RDS::DBInstance": ["MasterUsername", "MasterUserPassword", "TdeCredentialPassword"],
  "AWS::DocDB::DBCluster": ["MasterUsername", "MasterUserPassword"],
  "AWS::Redshift::Cluster": ["MasterUsername", "MasterUserPassword"],
  "AWS::RedshiftServerless::Namespace": ["AdminUsername", "AdminUserPassword"],
  "AWS::ElastiCache::ReplicationGroup": ["AuthToken"],
  "AWS::ElastiCache::User": ["Passwords"],
  "AWS::MemoryDB::User": ["AuthenticationMode.Passwords"],
  "AWS::AmazonMQ::Broker": ["Users.Username", "Users.Password"],
  "AWS::OpenSearchService::Domain": [
    "AdvancedSecurityOptions.MasterUserOptions.MasterUserName",
    "AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword",
  ],
  "AWS::DMS::Endpoint": ["Username", "Password"],
  "AWS::DirectoryService::MicrosoftAD": ["Password"],
  "AWS::DirectoryService::SimpleAD": ["Password"],
  // Credentials for other systems: EventBridge, Cognito, Firehose and load balancers keep them write-only.
  "AWS::Events::Connection": [
    "AuthParameters.ApiKeyAuthParameters.ApiKeyValue",
    "AuthParameters.BasicAuthParameters.Username",
    "AuthParameters.BasicAuthParameters.Password",
    "AuthParameters.OAuthParameters.ClientParameters.ClientID",
    "AuthParameters.OAuthParameters.ClientParameters.ClientSecret",
    "AuthParameters.InvocationHttpParameters.HeaderParameters.Value",
  ],
  "AWS::Cognito::UserPoolIdentityProvider": ["ProviderDetails.client_secret"],
  "AWS::KinesisFirehose::DeliveryStream": [
    "RedshiftDestinationConfiguration.Username",
    "RedshiftDestinationConfiguration.Password",
    "HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey",
  ],
  "AWS::ElasticLoadBalancingV2::Listener": ["DefaultActions.AuthenticateOidcConfig.ClientSecret"],
  "AWS::ElasticLoadBalancingV2::ListenerRule": ["Actions.AuthenticateOidcConfig.ClientSecret"],
  "AWS::CodeBuild::SourceCredential": ["Username", "Token"],
  "AWS::IAM::User": ["LoginProfile.Password"],
  "AWS::OpsWorks::App": ["AppSource.Password"],
  "AWS::OpsWorks::Stack": ["CustomCookbooksSource.Password", "RdsDbInstances.DbPassword"],
  // The header by which an origin knows its distribution.
  "AWS::CloudFront::Distribution": ["DistributionConfig.Origins.OriginCustomHeaders.HeaderValue"],
  // Another secret keeps it.
  "AWS::SecretsManager::Secret": ["SecretString"],
};

/** SAM's defaults for functions. */
const globals = ["Function.Environment.Variables.*"];

/** `property` is the path without positions in lists and without functions. */
export const takesSecret = (type: string, property: readonly string[]): boolean =>
  (properties[type] ?? []).some((path) => fits(path, property));

export const globalTakesSecret = (property: readonly string[]): boolean =>
  globals.some((path) => fits(path, property));

function fits(path: string, property: readonly string[]): boolean {
  const steps = path.split(".");
  return steps.length === property.length && steps.every((step, at) => step === "*" || step === property[at]);
}
