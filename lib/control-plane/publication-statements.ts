/**
 * The statements of the registry's policy about the estate and the release templates. They bind every principal of the
 * account: a person writes only a proposal under the person's own id, and `kedge-publish` alone writes the published
 * estate and the modules of release templates.
 */
import type { Statement } from "#constructs/statements.ts";
import { folders } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { ssoRolePath } from "#release/names/signer.ts";

export function publicationStatements(registry: string, publish: string): readonly Statement[] {
  const published = `${registry}/${registryKeys.estate}`;
  const signedBy = (kind: string): string => `${registry}/${folders.proposals}*/${kind}/\${aws:userid}`;
  return [
    {
      Sid: "OnlyPublishWritesWhatPeopleSign",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:PutObject"],
      Resource: [published, `${registry}/${folders.templates}*.mjs`],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": publish } },
    },
    {
      // S3 puts the caller's own id in place of the variable, so the key proves who wrote the object.
      Sid: "ProposalsAreSigned",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:PutObject"],
      NotResource: [
        ...[folders.templates, folders.lambdas].map((folder) => `${registry}/${folder}*`),
        ...[published, signedBy("principal"), signedBy("sso")],
      ],
    },
    {
      Sid: "SsoSignsAsSso",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:PutObject"],
      Resource: [`${registry}/${folders.proposals}*/sso/*`],
      Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/${ssoRolePath}*` } },
    },
    {
      // Without an estate, the next one would count as the first, which needs no second person.
      Sid: "TheEstateStays",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: [published],
    },
  ];
}
