/**
 * References of an app's stacks to each other. The app knows them by the names it would give them; here a stack's name
 * is the application's with its own id behind it, and the application's is told from the stack that asks.
 */

import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { applicationPrefix } from "#release/names/deployed-names.ts";
import { memberEnding, type StackNaming } from "#release/names/stack-names.ts";
import type { CdkStack } from "./cloud-assembly.ts";

/**
 * The parameter with the application's name for a nested template. A nested stack's own name does not contain
 * it.
 */
export const applicationParameter = "KedgeApplication";

/** The name of the application in front of the id, where a stack with that id asks. */
export const applicationName = (id: string, naming: StackNaming): PlainObject =>
  naming === "long"
    ? { "Fn::Select": [0, { "Fn::Split": [memberEnding(id, naming), { Ref: "AWS::StackName" }] }] }
    : {
        // kedge-app-<code>-<environment>-<id>: no segment of it has a hyphen.
        "Fn::Sub": [
          `${applicationPrefix}\${Code}-\${Environment}`,
          { Code: segmentOfName(2), Environment: segmentOfName(3) },
        ],
      };

const segmentOfName = (index: number): PlainObject => ({
  "Fn::Select": [index, { "Fn::Split": ["-", { Ref: "AWS::StackName" }] }],
});

export type Asking = {
  readonly stack: CdkStack;
  readonly stacks: readonly CdkStack[];
  readonly application: PlainObject;
  readonly naming: StackNaming;
};

/** Undefined when the call refers to no stack of the app. */
export function crossReference(
  call: string,
  argument: PlainValue | undefined,
  asking: Asking,
): PlainObject | undefined {
  if (call === "Fn::ImportValue" && typeof argument === "string") {
    const [stackName = "", ...rest] = argument.split(":");
    const name = rest.length === 0 ? undefined : realName(stackName, `:${rest.join(":")}`, asking);
    return name && { [call]: name };
  }
  if (call === "Fn::GetStackOutput" && isObject(argument) && typeof argument["StackName"] === "string") {
    const StackName = realName(argument["StackName"], "", asking);
    return StackName && { [call]: { ...argument, StackName } };
  }
  return undefined;
}

function realName(
  stackName: string,
  behind: string,
  { stack, stacks, application, naming }: Asking,
): PlainObject | undefined {
  const named = stacks.filter((each) => each.stackName === stackName);
  const found = named.find(({ folder }) => folder === stack.folder) ?? named[0];
  if (found === undefined) return undefined;
  const name = `\${Application}${memberEnding(found.id, naming)}${behind}`;
  return { "Fn::Sub": [name, { Application: application }] };
}

/** Exports bear the name of the stack that really exports them: there is one for each environment and line. */
export function withOwnExports(
  outputs: PlainValue | undefined,
  { stackName }: CdkStack,
): PlainObject | undefined {
  if (!isObject(outputs)) return undefined;
  return Object.fromEntries(
    Object.entries(outputs).map(([id, output]): [string, PlainValue] => {
      const name = isObject(output) && isObject(output["Export"]) ? output["Export"]["Name"] : undefined;
      if (!isObject(output) || typeof name !== "string" || !name.startsWith(`${stackName}:`))
        return [id, output];
      const Name = { "Fn::Sub": `\${AWS::StackName}${name.slice(stackName.length)}` };
      return [id, { ...output, Export: { Name } }];
    }),
  );
}
