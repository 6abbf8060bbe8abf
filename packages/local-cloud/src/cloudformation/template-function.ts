/** Defines the type of an intrinsic function, for the table of functions and the resolver that calls them. */
import type { Json } from "./json.ts";
import type { noValue, Scope } from "./scope.ts";

export type Resolved = Json | typeof noValue;

export type Resolve = (value: Json) => Resolved;

/** A function gets its argument as written, and resolves the parts that it needs. */
export type TemplateFunction = (argument: Json, resolve: Resolve, scope: Scope) => Resolved;
