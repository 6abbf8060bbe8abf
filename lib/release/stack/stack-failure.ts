/**
 * A failure of a stack, told with and without the words of AWS. The words may repeat any value of the template,
 * also the value of a secret.
 */

export type StackFailure = {
  /** Logical ids, type and status: `Orders > Queue (AWS::SQS::Queue) CREATE_FAILED`. */
  readonly where: string;
  /** The reason, in the words of CloudFormation or of the service behind it. */
  readonly words: string;
  /** The names of the properties that the template gives the resource. */
  readonly properties: readonly string[];
  /** The ARN of the stack whose events have the words. */
  readonly stack: string;
};

export const inFull = ({ where, words }: StackFailure): string => `${where}: ${words}`;

/** Describes the failure by a closed list of codes and phrases, and links to the words. */
export function withoutWords(failure: StackFailure): string {
  const facts = factsIn(failure);
  const known = facts.length === 0 ? "" : `: ${facts.join(", ")}`;
  return `${failure.where}${known}. The reason is in the events of the stack: ${eventsOf(failure.stack)}`;
}

/** The error codes of resource handlers (user guide of the CloudFormation CLI, "Handler error codes"). */
const handlerCodes = new Set(
  "NotUpdatable InvalidRequest AccessDenied UnauthorizedTaggingOperation InvalidCredentials AlreadyExists NotFound ResourceConflict Throttling ServiceLimitExceeded NotStabilized GeneralServiceException ServiceInternalError ServiceTimeout NetworkFailure InternalFailure".split(
    " ",
  ),
);

/** Phrases of AWS, each with the words of Kedge for it. The phrases are not copied. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/is not empty/i, "it is not empty"],
  [/already exists/i, "a resource of its name already exists"],
  [/not authorized to perform/i, "a call was denied"],
  [/does not exist|not found/i, "something it names does not exist"],
  [/failed to satisfy constraint|validation/i, "a value is not valid"],
  [/limit exceeded|quota/i, "a quota is exceeded"],
  [/throttl|rate exceeded/i, "AWS throttled the call"],
  [/did not stabilize|timed? ?out/i, "it did not become ready in time"],
];

function factsIn({ words, properties }: StackFailure): readonly string[] {
  const code = /HandlerErrorCode: ([A-Za-z]+)/.exec(words)?.[1];
  const status = /Status Code: ([1-5]\d\d)\b/.exec(words)?.[1];
  const phrase = phrases.find(([seen]) => seen.test(words))?.[1];
  const property = properties.find((name) => names(words, name));
  return [
    ...(property === undefined ? [] : [`property ${property}`]),
    ...(phrase === undefined ? [] : [phrase]),
    ...(code !== undefined && handlerCodes.has(code) ? [code] : []),
    ...(status === undefined ? [] : [`status ${status}`]),
  ];
}

/** `#/Runtime` and `'runtime'` name a property; a word in running text does not. */
const names = (words: string, property: string): boolean =>
  words.includes(`#/${property}`) || words.toLowerCase().includes(`'${property.toLowerCase()}'`);

function eventsOf(stack: string): string {
  const region = stack.split(":")[3] ?? "";
  const id = encodeURIComponent(stack);
  return `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/events?stackId=${id}`;
}
