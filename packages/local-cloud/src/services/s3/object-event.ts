/**
 * Declares the event of a changed object, before it is written in the form of EventBridge or of a
 * notification.
 */
import type { Version } from "./state.ts";

export type ChangedVersion = { readonly version: Version; readonly sequence: string };

export type ObjectEvent =
  | {
      readonly kind: "created" | "marked" | "deleted";
      readonly reason: string;
      readonly version: ChangedVersion;
    }
  | { readonly kind: "tagged" | "untagged"; readonly version: ChangedVersion };
