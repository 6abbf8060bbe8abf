/** Lists objects of the registry as samples: the estate, the release templates, their proposals, and code. */
import { folders } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";

const object = ["object"] as const;
const ref = { name: "sam", version: "1.0.0", sha256: "0123456789abcdef" };

/** `registry`: the ARN of its bucket. The proposal of the caller has the id that the sessions of the analysis have. */
export function inRegistry(registry: string) {
  const { name, version, sha256 } = ref;
  const estate = registryKeys.proposals("version", "digest");
  const module = registryKeys.moduleProposals(ref);
  return [
    ["the estate", "s3", object, `${registry}/${registryKeys.estate}`],
    ["an estate's proposal", "s3", object, `${registry}/${estate}principal/somebody`],
    ["a proposal of Identity Center", "s3", object, `${registry}/${estate}sso/AROAEXAMPLE:session`],
    ["the index of release templates", "s3", object, `${registry}/${registryKeys.templates}`],
    ["a release template", "s3", object, `${registry}/${registryKeys.template(name, version, sha256)}`],
    ["a release template's proposal", "s3", object, `${registry}/${module}principal/AROAEXAMPLE:session`],
    [
      "another person's proposal of a release template",
      "s3",
      object,
      `${registry}/${module}principal/somebody`,
    ],
    ["a Lambda's code", "s3", object, `${registry}/${folders.lambdas}x.zip`],
  ] as const;
}
