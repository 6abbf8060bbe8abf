/** The settings of a service in the traits, and their defaults. */

import {
  described,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { settingsReader } from "#release/template/read-settings.ts";
import { checkFargate } from "./fargate.ts";

const texts = listOf(text(), 1);
const variable = /^[A-Za-z_]\w*$/;
const variableName = "the name of a variable: letters, digits and underscores";

export const settingsShape = object({
  container: optional(
    described(
      "The container's name; that of the image definition by default.",
      text("a name", /^[\w-]{1,255}$/),
    ),
  ),
  port: optional(described("The container listens here; 8080 by default.", integer(1, 65_535))),
  cpu: optional(described("In units of 1/1024; 256 by default.", integer(256, 16_384))),
  memory: optional(described("In megabytes; 512 by default.", integer(512, 122_880))),
  architecture: optional(oneOf("X86_64", "ARM64")),
  count: optional(described("How many tasks run; 2 by default.", integer(0, 1000))),
  command: optional(texts),
  environment: optional(described("The container's variables.", mapOf(variable, variableName, text()))),
  secrets: optional(
    described(
      "Variables whose values ECS gets itself: ${ssm:/path}, or the ARN of a parameter or secret.",
      mapOf(variable, variableName, text()),
    ),
  ),
  policies: optional(
    described(
      "What the application may do; its boundary caps it.",
      listOf(object({ actions: texts, resources: texts }), 1),
    ),
  ),
  healthCheck: optional(
    object({
      path: optional(described("Asked by the load balancer; / by default.", text("a path", /^\/\S*$/))),
      codes: optional(
        described("That mean healthy; 200-299 by default.", text("codes such as 200-299", /^[\d,-]+$/)),
      ),
      command: optional(described("Run in the container; exit code 0 means healthy.", text())),
      seconds: optional(described("Between two checks; 30 by default.", integer(5, 300))),
    }),
  ),
  graceSeconds: optional(
    described("A starting task is given so long before checks count; 120 by default.", integer(0, 86_400)),
  ),
  cluster: optional(described("An existing cluster; without it the service gets one of its own.", text())),
  subnets: described("Ids; a text of several separated by commas will do.", texts),
  securityGroups: described("Ids; a text of several separated by commas will do.", texts),
  publicIp: optional(described("Only where the subnets have no way out otherwise.", flag())),
  vpc: optional(described("Of the target groups; needed with a listener.", text())),
  listener: optional(
    object({
      arn: described("Of a listener of an Application Load Balancer, HTTP or HTTPS.", text()),
      priority: described("Of the rule; no other on the listener may have it.", integer(1, 50_000)),
      hosts: optional(texts),
      paths: optional(texts),
    }),
  ),
  errors: optional(
    described(
      "So many answers of a canary that begin with 5, within a minute, and more call it off; 5 by default.",
      integer(1, 100_000),
    ),
  ),
  discovery: optional(
    described(
      "Service Connect: other services call this one by its name.",
      object({
        name: text("a name such as orders", /^[a-z][a-z0-9-]{0,62}$/),
        namespace: optional(
          described("An existing namespace; with a cluster of its own the service gets one, too.", text()),
        ),
      }),
    ),
  ),
  logRetention: optional(
    described(
      "In days; 90 by default.",
      oneOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653),
    ),
  ),
});

export type Settings = ShapeOf<typeof settingsShape>;

function contradiction(settings: Settings): string | undefined {
  const { listener, vpc, discovery, cluster, cpu = 256, memory = 512 } = settings;
  if (listener && vpc === undefined) return "A listener needs vpc, where its target groups are.";
  if (listener && listener.hosts === undefined && listener.paths === undefined)
    return "The listener's rule needs hosts, paths or both, or it would take all calls.";
  if (discovery && discovery.namespace === undefined && cluster !== undefined)
    return "discovery needs a namespace: the cluster is not the service's own.";
  return checkFargate(cpu, memory);
}

export const readSettings = settingsReader("ecs-service", settingsShape, contradiction);

/** Lists may come from one parameter of the parameter store, which holds a text. */
export const each = (list: readonly string[]): readonly string[] =>
  list.flatMap((text) => text.split(",").map((item) => item.trim()));
