/**
 * Says how clients that do not read `AWS_ENDPOINT_URL` reach the cloud. They would send their calls to AWS, which knows no
 * access key of twelve digits. The first versions that read it: AWS CLI 2.13.0 and 1.29.0, boto3 1.28.0 (AWS SDKs and Tools
 * Reference Guide, "Service-specific endpoints").
 */
export const olderClients = (endpoint: string): string =>
  `an older one goes to AWS, which denies these keys: give it --endpoint-url ${endpoint}`;
