/**
 * Moves staging labels between the versions of a secret. Each label is on one version; the version that loses
 * AWSCURRENT gets AWSPREVIOUS (Secrets Manager API Reference, UpdateSecretVersionStage).
 */
import type { SecretVersion } from "./state.ts";

export const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";
const MOST_VERSIONS = 100;

/** Moves labels onto a version. The version that had AWSCURRENT gets AWSPREVIOUS. */
export function stage(
  versions: readonly SecretVersion[],
  id: string,
  labels: readonly string[],
): readonly SecretVersion[] {
  const was = versions.find(({ stages }) => stages.includes(CURRENT));
  const steps = labels.includes(CURRENT) && was !== undefined && was.id !== id;
  const moved = versions.map((version) => {
    if (version.id === id)
      return {
        ...version,
        stages: [
          ...new Set([...version.stages.filter((label) => !(steps && label === PREVIOUS)), ...labels]),
        ],
      };
    const kept = version.stages.filter((label) => !labels.includes(label) && !(steps && label === PREVIOUS));
    return { ...version, stages: steps && version === was ? [...kept, PREVIOUS] : kept };
  });
  // If there are too many versions, the oldest deprecated versions are removed.
  const surplus = moved.length - MOST_VERSIONS;
  const surplusVersions = new Set(
    moved.filter(({ stages }) => stages.length === 0).slice(0, Math.max(surplus, 0)),
  );
  return moved.filter((version) => !surplusVersions.has(version));
}

export const withStage = (versions: readonly SecretVersion[], label: string): SecretVersion | undefined =>
  versions.find(({ stages }) => stages.includes(label));
