/** By which file a zip is told to be a function's code, and how such code is run. */

export type Sign = {
  readonly file: string;
  readonly means: string;
  readonly runtime: string;
  readonly handler: string;
};

/** In the order they are looked for; names and handlers are those of Lambda's console and its documentation. */
export const signs: readonly Sign[] = [
  { file: "bootstrap", means: "a custom runtime", runtime: "provided.al2023", handler: "bootstrap" },
  { file: "index.mjs", means: "a Node.js module", runtime: "nodejs24.x", handler: "index.handler" },
  { file: "index.cjs", means: "a Node.js module", runtime: "nodejs24.x", handler: "index.handler" },
  { file: "index.js", means: "a Node.js module", runtime: "nodejs24.x", handler: "index.handler" },
  {
    file: "lambda_function.py",
    means: "a Python handler",
    runtime: "python3.13",
    handler: "lambda_function.lambda_handler",
  },
  { file: "handler.py", means: "a Python handler", runtime: "python3.13", handler: "handler.handler" },
];

const otherwise = { runtime: "nodejs24.x", handler: "index.handler" };

/** `folder`: where the code is, "" being the artifact's top. */
export const signIn = (names: readonly string[], folder: string): Sign | undefined =>
  signs.find(({ file }) => names.includes(folder === "" ? file : `${folder}/${file}`));

export const runOf = (names: readonly string[], folder: string): Pick<Sign, "runtime" | "handler"> =>
  signIn(names, folder) ?? otherwise;
