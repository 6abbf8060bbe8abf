/** The ports to the event bus of the anchor, and to its topic for people. */
import type { LineEvent } from "#release/line/line-event.ts";

export type LineEvents = { readonly publish: (event: LineEvent) => Promise<void> };

export type Announcements = { readonly announce: (subject: string, message: string) => Promise<void> };
