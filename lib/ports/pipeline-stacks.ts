/** The port to the CloudFormation stacks that hold the pipelines. */
import type { PipelineStack } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";

export type PipelineInput = {
  readonly line: Line;
  readonly name: string;
  /** CloudFormation, as JSON text. */
  readonly template: string;
  readonly planDigest: string;
  readonly releaseTemplate: TemplateRef;
  /** What else the stack says of its origin. */
  readonly tags: Readonly<Record<string, string>>;
  /** Equal tokens mean the same call. */
  readonly token: string;
};

export type PipelineStacks = {
  readonly describe: (name: string) => Promise<PipelineStack | undefined>;
  readonly create: (input: PipelineInput) => Promise<void>;
  readonly update: (input: PipelineInput) => Promise<void>;
  readonly remove: (name: string, token: string) => Promise<void>;
};
