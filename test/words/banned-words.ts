/**
 * Lists the words that names must not contain, the word of the trade for each, and the reason.
 * `words` are the forms of the word in lower case. Two words match when they follow each other in a name (`giveUp`).
 * `only` and `except` are folders of folders.ts. `prose: true` bans the word in Markdown as well.
 */
export type BannedWord = {
  readonly words: readonly string[];
  readonly use: string;
  readonly why: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly prose?: true;
};

const localCloud = ["packages/local-cloud/src", "packages/local-cloud/test"];
const overPorts = ["lib/journey", "lib/aws", "lib/operate"];

export const bannedWords: readonly BannedWord[] = [
  {
    words: ["look", "looks", "looked"],
    use: "observe, observation, ReconcileRequest",
    why: "Controllers observe; `look` has no plural and no noun of its own.",
  },
  {
    words: ["tell", "tells", "told"],
    use: "report, readResult, retarget",
    why: "One word has five meanings here.",
    prose: true,
  },
  {
    words: ["turn", "turns"],
    use: "admission, semaphore, round",
    why: "The governor admits lines; a semaphore limits calls; a loop has rounds.",
  },
  { words: ["wish", "wishes"], use: "SlotRequest, constraint", why: "A line requests a slot.", prose: true },
  {
    words: ["standing", "standings"],
    use: "QueueState, account role",
    why: "A reader cannot guess that it holds the state of a queue.",
  },
  { words: ["lack", "lacks"], use: "blockedBy", why: "Schedulers say which resource blocks a request." },
  {
    words: ["make room", "makes room", "room"],
    use: "releaseSlot, capacity",
    why: "A slot is released; capacity is free.",
  },
  {
    words: ["mark", "marks", "marked"],
    use: "slot record",
    why: "`mark` does not say that it records a slot.",
  },
  {
    words: ["sweep", "sweeps", "swept", "sweeper"],
    use: "resync, orphan collection",
    why: "Two hourly jobs bear one name.",
  },
  {
    words: ["part", "parts"],
    use: "asset, segment, kind",
    why: "A part of an artifact is an asset, as in the CDK.",
    except: localCloud,
  },
  { words: ["place", "places"], use: "location, folder, region", why: "Say which kind of location it is." },
  {
    words: ["world", "worlds"],
    use: "deps, state",
    why: "A use case has dependencies; a simulation has state.",
  },
  {
    words: ["clear the way", "in the way"],
    use: "removeFailedStacks, blocking",
    why: "Say what is removed.",
  },
  { words: ["send on"], use: "forwardToQueue", why: "Messages are forwarded." },
  {
    words: ["give up", "gives up", "gave up", "given up"],
    use: "deadLetter",
    why: "SQS moves a message to the dead-letter queue.",
  },
  {
    words: ["refuse", "refuses", "refused", "refusal"],
    use: "reject, deny",
    why: "Input is rejected; access is denied.",
  },
  { words: ["bury", "buries", "buried"], use: "deadLetter", why: "SQS has dead letters.", prose: true },
  {
    words: ["berth", "berths", "moored", "moor"],
    use: "execution environment, warm environment",
    why: "Lambda's documentation has these terms.",
    prose: true,
  },
  { words: ["sink", "sinks"], use: "dispose, listener", why: "Say what happens to the value." },
  { words: ["fleet", "fleets"], use: "pool, estate", why: "Execution environments are pooled." },
  { words: ["close", "close step"], use: "disableTransition", why: "CodePipeline's term.", only: overPorts },
  { words: ["open"], use: "enableTransition", why: "CodePipeline's term.", only: ["lib/aws", "lib/operate"] },
  {
    words: ["forget", "forgets", "forgotten"],
    use: "invalidate, remove",
    why: "CloudFront invalidates paths; a cache removes entries.",
    only: [...overPorts, "lib/release"],
  },
  { words: ["family", "families"], use: "stacks of a line", why: "Say which stacks.", only: overPorts },
  { words: ["strike", "strikes", "struck"], use: "inject fault", why: "Tests inject faults.", prose: true },
  {
    words: ["house", "houses"],
    use: "folder, identity provider",
    why: "A house is neither a folder nor an identity provider.",
    prose: true,
  },
  { words: ["floor", "floors"], use: "layer", why: "Architectures have layers.", prose: true },
  { words: ["wall", "walls"], use: "boundary, elapsed", why: "Say boundary, or name the measured time." },
  {
    words: ["stranger", "strangers"],
    use: "foreign principal, foreign resource",
    why: "IAM has principals and accounts.",
    prose: true,
  },
  {
    words: ["mail", "mails"],
    use: "message, notification",
    why: "The queue holds messages; no mail is sent.",
  },
  { words: ["beside"], use: "adjacent, alongside", why: "Say how the two belong together." },
  { words: ["fate", "fates"], use: "outcome", why: "A call has an outcome.", prose: true },
  { words: ["mend", "mends", "mended"], use: "fix", why: "Defects are fixed.", prose: true },
  {
    words: ["everybody", "nobody", "somebody", "anybody", "whoever", "everyone", "someone", "anyone"],
    use: "all lines, the caller, an operator, an anonymous principal",
    why: "The trade has a noun for every actor.",
  },
];

/** Names that contain a banned word for a reason. `words` may be several that follow each other; `under` is a path. */
type AllowedWords = { readonly words: string; readonly under?: string; readonly why: string };

export const allowedWords: readonly AllowedWords[] = [
  { words: "look up", why: "The ordinary verb for finding an entry." },
  { words: "looks like", why: "The ordinary name of a predicate that inspects a form." },
  { words: "marked for deletion", why: "The words of Secrets Manager's errors." },
  { words: "wall time", why: "The ordinary term for elapsed time." },
  { words: "wall clock", why: "The ordinary term for a clock that shows real time." },
  { words: "sweep", under: "bin/commands/sweep.ts", why: "The command `kedge sweep` keeps its name." },
  { words: "register sweep", under: "bin/commands/", why: "The command `kedge sweep` keeps its name." },
  {
    words: "sweep",
    under: "lambdas/sweep.ts",
    why: "The Lambda function and its asset keep the name that AWS sees.",
  },
  {
    words: "sweep",
    under: "anchor-stack/",
    why: "The keys of the Lambda function kedge-sweep become its logical ids, which AWS sees.",
  },
  { words: "part", under: "packages/local-cloud/", why: "S3's multipart uploads have parts." },
  {
    words: "place",
    under: "packages/local-cloud/src/pipeline/execution.ts",
    why: "The cloud stores executions; a stored record keeps its members.",
  },
  {
    words: "places",
    under: "packages/local-cloud/src/pipeline/execution.ts",
    why: "The cloud stores executions; a stored record keeps its members.",
  },
];
