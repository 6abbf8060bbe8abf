/** Sorts sent calls by kind: messages, results, objects, other calls. The first of each kind stays. */
import { digestOf, kindOf, readable, withoutIds } from "./plain.ts";
import type { Sent } from "./sent.ts";

type Form = Readonly<Record<string, unknown>>;
type Forms = Readonly<Record<string, readonly unknown[]>>;

export type Traffic = {
  readonly messages: Forms;
  readonly results: Form;
  readonly objects: Forms;
  readonly calls: Forms;
};

export function sortedByKind(all: readonly Sent[], versions: Iterable<string>): Traffic {
  const shelves = { messages: shelf(), objects: shelf(), calls: shelf() };
  const plain = (form: unknown): unknown => withoutIds(readable(form), versions);
  for (const { by, service, operation, input } of all) {
    if (operation === "SendMessageBatch") {
      for (const entry of entriesOf(input)) shelves.messages.add(`${by} to ${entry.queue}`, plain(entry));
    } else if (operation === "PutObject") {
      if (!isResult(input) && !ofSamples.test(by)) shelves.objects.add(by, plain(withoutAssetBody(input)));
    } else {
      shelves.calls.add(`${by} ${service}:${operation}`, plain(withoutTemplate(input)));
    }
  }
  const results = fullestResults(
    all.filter(({ operation, input }) => operation === "PutObject" && isResult(input)),
  );
  return {
    messages: shelves.messages.all(),
    results: Object.fromEntries([...results].sort(byTitle).map(([title, form]) => [title, plain(form)])),
    objects: shelves.objects.all(),
    calls: shelves.calls.all(),
  };
}

/** The longest result of every status and reason, with all the keys that it was written to. */
function fullestResults(written: readonly Sent[]): ReadonlyMap<string, Form> {
  const found = new Map<string, Form>();
  for (const [body, same] of Map.groupBy(written, ({ input }) => String(input["Body"]))) {
    const { status, reason } = JSON.parse(body) as RecordedResult;
    const title = `${status}: ${reason.code}`;
    const [first] = same;
    if (first === undefined || body.length <= String(found.get(title)?.["Body"] ?? "").length) continue;
    const { by, input } = first;
    found.set(title, { by, ...input, Key: same.map((each) => each.input["Key"]) });
  }
  return found;
}

const byTitle = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

/** The samples' recorded documents show the objects of these functions. */
const ofSamples = /^kedge-(package|prepare|smoke)$/;

type RecordedResult = { readonly status: string; readonly reason: { readonly code: string } };

const isResult = ({ Key }: Form): boolean => String(Key).startsWith("results/");

const entriesOf = ({ QueueUrl, Entries }: Form) =>
  (Entries as readonly Form[]).map(({ Id: _, ...entry }) => ({
    queue: String(QueueUrl).split("/").at(-1) ?? "",
    ...entry,
  }));

/** An asset of an artifact shows its digest alone, and so does a pipeline's template, which has its own file. */
const withoutAssetBody = (input: Form): Form =>
  /^parts\/|\/pipeline\.template$/.test(String(input["Key"])) && input["Body"] instanceof Buffer
    ? { ...input, Body: digestOf(input["Body"]) }
    : input;

/** A pipeline's template has a file of its own. */
const withoutTemplate = ({ TemplateBody, ...input }: Form): Form =>
  TemplateBody === undefined ? input : { ...input, TemplateBody: "<template>" };

/** Keeps each kind of form once; lists the forms by title and kind. */
function shelf() {
  const forms = new Map<string, Map<string, unknown>>();
  return {
    add: (title: string, form: unknown): void => {
      const own = forms.get(title) ?? new Map<string, unknown>();
      forms.set(title, own);
      const kind = kindOf(form);
      if (!own.has(kind)) own.set(kind, form);
    },
    all: (): Forms =>
      Object.fromEntries(
        [...forms]
          .sort(byTitle)
          .map(([title, own]) => [title, [...own].sort(byTitle).map(([, form]) => form)]),
      ),
  };
}

/** For one sample: the call that makes its pipeline, and the calls by which its functions hand documents on. */
export function sentFor(all: readonly Sent[], versions: Iterable<string>) {
  const plain = ({ input }: Sent): unknown => withoutIds(readable(withoutAssetBody(input)), versions);
  const handedOn = all.filter(({ by, operation }) => by !== "kedge-route" && handsOn.test(operation));
  return {
    pipeline: all.filter(({ operation }) => operation === "CreateStack").map(plain)[0],
    documents: handedOn
      .filter(({ input }) => !isResult(input) && !/^(governor|lines\/[^/]+\/line)/.test(String(input["Key"])))
      .map((sent) => ({ [`${sent.by} ${sent.operation}`]: plain(sent) })),
  };
}

const handsOn = /^(PutObject|Invoke|PutParameter|UpdateStack|PutJob(Success|Failure)Result)$/;
