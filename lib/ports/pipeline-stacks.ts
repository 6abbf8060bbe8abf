/** The port to the CloudFormation stacks that hold the pipelines. */
import type { PipelineStack } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";

export type PipelineInput = {
  readonly line: Line;
  readonly name: string;
  /** The CloudFormation template as JSON text. */
  readonly template: string;
  readonly planDigest: string;
  readonly releaseTemplate: TemplateRef;
  /** Further tags about the stack's origin. */
  readonly tags: Readonly<Record<string, string>>;
  /** Two calls with equal tokens are one call for CloudFormation. */
  readonly token: string;
};

export type PipelineStacks = {
  readonly describe: (name: string) => Promise<PipelineStack | undefined>;
  readonly create: (input: PipelineInput) => Promise<void>;
  readonly update: (input: PipelineInput) => Promise<void>;
  readonly remove: (name: string, token: string) => Promise<void>;
};
