/** The error for a release template that one person has signed. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { templateLabel } from "./template-index.ts";

export const unconfirmed = (ref: TemplateRef): ReleaseError =>
  new ReleaseError(
    "TemplateUnconfirmed",
    `One person has signed ${templateLabel(ref)}. A release template needs two, because it decides what follows an approval.`,
  );
