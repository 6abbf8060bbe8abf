import { described, text } from "#release/document/shape.ts";

/** A request for a release template as one text, `sam` or `sam@^1.2`: the estate and the traits write it alike. */
export const templateRequestText = described(
  "A release template, and which of its versions: sam, sam@^1.2.",
  text("a release template such as sam or sam@^1.2", /^[a-z][a-z0-9-]*(@\S.*)?$/),
);
