/** A stack's change set in the words of a review: one change for each resource, with the values that may be shown. */

export type PropertyChange = {
  /** A JSON pointer into the resource, such as `/Properties/BillingMode`. */
  readonly path: string;
  /** Missing when the property is added, or when the value is hidden. */
  readonly before?: string;
  /** Missing when the property is removed, or when the value is hidden. */
  readonly after?: string;
  /** The values may hold a secret, so they are not shown. */
  readonly hidden?: true;
};

export type ResourceChange = {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly action: "Add" | "Modify" | "Remove" | "Import" | "Dynamic";
  /** `Conditional`: CloudFormation decides during the update. */
  readonly replacement?: "True" | "False" | "Conditional";
  /** The end of the old resource after a removal or a replacement. */
  readonly policy?:
    | "Delete"
    | "Retain"
    | "Snapshot"
    | "ReplaceAndDelete"
    | "ReplaceAndRetain"
    | "ReplaceAndSnapshot";
  readonly properties: readonly PropertyChange[];
};

/** `executed`: CloudFormation began to execute it, or ended. `unchanged`: it would change nothing. */
type ChangeSetStatus = "pending" | "ready" | "executed" | "unchanged" | "failed";

/** A change set as CloudFormation describes it. `id` is its ARN. */
export type ChangeSet = {
  readonly id: string;
  readonly status: ChangeSetStatus;
  readonly reason?: string;
  /** The values as CloudFormation returns them; it masks those of NoEcho parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The values that CloudFormation read from the parameter store, by parameter. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly changes: readonly ResourceChange[];
  /** The change sets of nested stacks. They are executed with this one. */
  readonly nested: readonly NestedChangeSet[];
};

/** `logicalId` is the nested stack's id in the template that nests it. */
type NestedChangeSet = ChangeSet & { readonly logicalId: string };
