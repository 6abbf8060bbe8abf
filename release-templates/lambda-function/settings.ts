/** The settings of a function in the traits, and their defaults. */

import {
  described,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  type Shape,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { holdsSecureParameter } from "#release/stack/dynamic-reference.ts";
import { settingsReader } from "#release/template/read-settings.ts";

const texts = listOf(text(), 1);
const name = /^(\$\{ssm:[^}]+\}|[A-Za-z0-9-_]{1,64})$/;
const reference = "a function's name, or ${ssm:/path} of one";

export const settingsShape = object({
  function: optional(
    described("An existing function that takes the code; without it one is made.", text(reference, name)),
  ),
  alias: optional(
    described(
      "What callers call; live by default.",
      text("an alias that is not a number", /^(?!\d+$)[A-Za-z0-9-_]{1,128}$/),
    ),
  ),
  code: optional(described("The folder that holds the code; the whole artifact by default.", text())),
  handler: optional(text("a handler such as index.handler", /^\S{1,128}$/)),
  runtime: optional(text("a runtime such as nodejs24.x", /^[a-z0-9.]+$/)),
  architecture: optional(oneOf("x86_64", "arm64")),
  memory: optional(described("In megabytes.", integer(128, 10_240))),
  timeout: optional(described("In seconds.", integer(1, 900))),
  storage: optional(described("Of /tmp, in megabytes.", integer(512, 10_240))),
  concurrency: optional(described("Reserved for this function.", integer(0, 10_000))),
  tracing: optional(described("Traces go to X-Ray.", flag())),
  environment: optional(
    described(
      "The function's variables.",
      mapOf(/^[A-Za-z]\w*$/, "the name of a variable: a letter, then letters, digits, underscores", text()),
    ),
  ),
  layers: optional(described("ARNs of layer versions.", texts)),
  policies: optional(
    described(
      "What the function may do; its boundary caps it.",
      listOf(object({ actions: texts, resources: texts }), 1),
    ),
  ),
  vpc: optional(object({ subnets: texts, securityGroups: texts })),
  logRetention: optional(
    described(
      "In days; 90 by default.",
      oneOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653),
    ),
  ),
}) satisfies Shape<object>;

export type Settings = ShapeOf<typeof settingsShape>;

export const aliasOf = ({ alias = "live" }: Settings): string => alias;

export const readSettings = settingsReader("lambda-function", settingsShape, ({ environment = {} }) => {
  const secret = Object.keys(environment).find((variable) =>
    holdsSecureParameter(environment[variable] ?? ""),
  );
  // CloudFormation rejects it there, too: every principal that may read a function's configuration can read
  // its variables.
  return secret === undefined
    ? undefined
    : `${secret} is a SecureString; give its name, and let the function read it as its role.`;
});
