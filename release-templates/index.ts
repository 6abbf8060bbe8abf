/** The release templates there are. A new one is a folder beside this file and a line in this list. */
import type { ReleaseTemplate } from "#release/template.ts";
import { cloudformation } from "./cloudformation/template.ts";
import { sam } from "./sam/template.ts";

export const releaseTemplates: readonly ReleaseTemplate[] = [sam, cloudformation];
