/** The limit of a template inside a call to CloudFormation. A larger template is read from S3. */

/** Bytes of `TemplateBody` (CloudFormation API Reference, CreateStack, UpdateStack and CreateChangeSet). */
const longestBody = 51_200;

export const fitsInACall = (template: string): boolean =>
  new TextEncoder().encode(template).length <= longestBody;
