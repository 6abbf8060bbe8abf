/** The type of an intrinsic function, shared by the table of functions and the resolver that calls them. */
import type { Json } from "./json.ts";
import type { noValue, Scope } from "./scope.ts";

export type Resolved = Json | typeof noValue;

export type Resolve = (value: Json) => Resolved;

/** One function: its argument as written, and how to work out parts of it. */
export type TemplateFunction = (argument: Json, resolve: Resolve, scope: Scope) => Resolved;
