/** Stands for a value that exists after the update (CloudFormation User Guide, "View a change set"). */
export const unknownYet = "{{changeSet:KNOWN_AFTER_APPLY}}";
