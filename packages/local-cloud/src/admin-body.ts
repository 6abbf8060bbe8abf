/** Reads the JSON body of a request to `/_cloud`. An unknown field would be ignored silently, so it is an error. */
import { AwsError } from "./kernel/aws-error.ts";

/** The form of a field, in words and as a check. */
type Field = { readonly means: string; readonly fits: (value: unknown) => boolean };
type Fields = Readonly<Record<string, Field>>;

const text: Field = { means: "a text", fits: (value) => typeof value === "string" };
const flag: Field = { means: "true or false", fits: (value) => typeof value === "boolean" };
const whole = (least: number): Field => ({
  means: `a whole number from ${least} on`,
  fits: (value) => Number.isInteger(value) && Number(value) >= least,
});

export const clockFields: Fields = {
  push: {
    means: "the number of milliseconds to move the clock forward",
    fits: (value) => typeof value === "number" && value >= 0,
  },
};

export const faultFields: Fields = {
  ...{ account: text, service: text, operation: text, principal: text, code: text, message: text },
  when: {
    means: '"before" or "after" (the effect of the call)',
    fits: (value) => value === "before" || value === "after",
  },
  ...{ status: whole(400), skip: whole(0), count: whole(1), crash: flag },
};

/** Throws a `ValidationException` that names the first wrong field, its value and the fields there are. */
export function readBody(
  json: string,
  fields: Fields,
  required: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const body: unknown = json === "" ? {} : JSON.parse(json);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw wrong(`The body is ${JSON.stringify(body).slice(0, 100)}; expected an object.`);
  for (const name of Object.keys(body))
    if (fields[name] === undefined)
      throw wrong(`There is no field ${name}; there are: ${Object.keys(fields).join(", ") || "none"}.`);
  const given = body as Readonly<Record<string, unknown>>;
  for (const [name, { means, fits }] of Object.entries(fields)) {
    if (!(name in given) && !required.includes(name)) continue;
    if (!fits(given[name])) throw wrong(`${name} is ${JSON.stringify(given[name])}; expected ${means}.`);
  }
  return given;
}

const wrong = (message: string): AwsError => new AwsError("ValidationException", message);
