/**
 * Finds container images that a template names by a tag. A tag can point to another image between the approval and
 * the deployment, and Kedge reads no registry. The digest names the same image for ever.
 */
import type { PlainObject } from "#release/document/template-document.ts";
import { hole, textOf } from "./reading/seen.ts";
import { propertyValues } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";

const task = (Image: string): PlainObject => ({
  Task: {
    Type: "AWS::ECS::TaskDefinition",
    Properties: { ContainerDefinitions: [{ Name: "web", Image }] },
  },
});

/** The properties that hold an image, by type. */
const properties: Readonly<Record<string, readonly string[]>> = {
  "AWS::Lambda::Function": ["Code.ImageUri"],
  "AWS::Serverless::Function": ["ImageUri"],
  "AWS::ECS::TaskDefinition": ["ContainerDefinitions.*.Image"],
  "AWS::AppRunner::Service": ["SourceConfiguration.ImageRepository.ImageIdentifier"],
  "AWS::Batch::JobDefinition": [
    "ContainerProperties.Image",
    "EcsProperties.TaskProperties.*.Containers.*.Image",
    "EksProperties.PodProperties.Containers.*.Image",
    "NodeProperties.NodeRangeProperties.*.Container.Image",
  ],
  "AWS::SageMaker::Model": ["PrimaryContainer.Image", "Containers.*.Image"],
};

export const imageUnpinned: Rule = {
  says: "Container images are named by their digest.",
  severity: { protected: "refuse", gated: "refuse", others: "allow" },
  examples: {
    passes: task(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"0".repeat(64)}`),
    fails: task("111122223333.dkr.ecr.eu-central-1.amazonaws.com/web:latest"),
  },
  find: (input) => (properties[input.resource.type] ?? []).flatMap((property) => sightings(input, property)),
};

/** A digest at the end is enough: the name of the repository may be known later. */
function sightings({ resource, scope }: RuleInput, property: string): readonly Sighting[] {
  return propertyValues(resource.properties, property, scope).flatMap((each): readonly Sighting[] => {
    const text = textOf(each);
    if (/@sha256:[0-9a-f]{64}$/.test(text)) return [];
    const seen =
      "names an image by a tag, which may point to another image later; expected <repository>@sha256:…";
    const why = text.includes(hole) ? (each.doubt ?? { why: "its value is no text" }) : each.maybe;
    return [{ property, seen, ...(why && { undecided: why }) }];
  });
}
