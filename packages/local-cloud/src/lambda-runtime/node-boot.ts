/**
 * The entry point of a Node function's process, or of its worker thread: loads the handler as AWS's Node runtime
 * does, and answers invocations one at a time. It imports no code of the cloud but its channel, so that only Node
 * and the function's code share the process.
 */
import { existsSync } from "node:fs";
import module from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { openChannel } from "./node-channel.ts";
import type { Fault, InvokeMessage } from "./protocol.ts";

type Handler = (event: unknown, context: unknown, callback: Callback) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

const { boot, say, listen } = openChannel();
// biome-ignore lint/style/noProcessEnv: the variable is Node's alone, and no part of the function's environment.
delete process.env["NODE_COMPILE_CACHE"];
if (boot.compileCache !== undefined) module.enableCompileCache(boot.compileCache);
let current = "";

// Output and answer keep their order only when both take the same channel.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: () => void): boolean => {
    say({ kind: "log", text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8") });
    const callback = typeof encoding === "function" ? (encoding as () => void) : done;
    callback?.();
    return true;
  }) as typeof stream.write;
}

/** Writes a line of the function's log, in AWS's text or JSON form. */
const print = (level: string, ...parts: unknown[]): void => {
  const time = new Date().toISOString();
  const message = format(...parts);
  const line = boot.jsonLogs
    ? JSON.stringify({ timestamp: time, level, requestId: current, message })
    : `${time}\t${current}\t${level}\t${message.replaceAll("\n", "\r")}`;
  say({ kind: "log", text: `${line}\n` });
};

for (const [method, level] of [
  ["trace", "TRACE"],
  ["debug", "DEBUG"],
  ["log", "INFO"],
  ["info", "INFO"],
  ["warn", "WARN"],
  ["error", "ERROR"],
] as const)
  console[method] = (...parts: unknown[]) => print(level, ...parts);

process.cwd = () => boot.codeDir;

/** Resolving from another folder calls the hooks again. The second call goes to the default resolver. */
let elsewhere = false;
const resolveFrom = (requirer: string, specifier: string): string => {
  elsewhere = true;
  try {
    return module.createRequire(requirer).resolve(specifier);
  } finally {
    elsewhere = false;
  }
};

module.registerHooks({
  resolve: (specifier, context, next) => {
    if (boot.optDir !== undefined && specifier.startsWith("/opt/"))
      return next(pathToFileURL(join(boot.optDir, specifier.slice("/opt/".length))).href, context);
    try {
      return next(specifier, context);
    } catch (error) {
      if (elsewhere || /^[./]|^\w+:/.test(specifier)) throw error;
      // Layers come after the function's own modules, and the SDK of AWS's runtime comes after both.
      const requirers = [
        ...(boot.optDir === undefined ? [] : [pathToFileURL(join(boot.optDir, "nodejs", "x.js")).href]),
        ...(/^@(aws-sdk|smithy)\//.test(specifier) ? [boot.sdkBase] : []),
      ];
      for (const requirer of requirers) {
        try {
          // The default resolver of `require` starts at the requiring module and ignores the given parent.
          return { url: pathToFileURL(resolveFrom(requirer, specifier)).href, shortCircuit: true };
        } catch {
          // The function's own failure is the error to show.
        }
      }
      throw error;
    }
  },
});

const faultOf = (error: unknown): Fault => {
  if (error instanceof Error || (typeof error === "object" && error !== null && "message" in error)) {
    const { name = "Error", message, stack = "" } = error as Error;
    return { errorType: name, errorMessage: String(message), trace: String(stack).split("\n") };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
};

const initFault = (errorType: string, errorMessage: string, trace: readonly string[] = []): Fault => ({
  errorType,
  errorMessage,
  trace,
});

async function load(): Promise<Handler> {
  const file = basename(boot.handler);
  const match = /^([^.]*)\.(.*)$/.exec(file);
  if (match === null) throw initFault("Runtime.MalformedHandlerName", "Bad handler");
  const [, moduleName = "", exportName = ""] = match;
  const base = resolve(boot.codeDir, dirname(boot.handler), moduleName);
  const path = [".js", ".mjs", ".cjs"].map((extension) => base + extension).find((name) => existsSync(name));
  if (path === undefined)
    throw initFault(
      "Runtime.ImportModuleError",
      `Error: Cannot find module '${moduleName}'\nRequire stack:\n- /var/runtime/index.mjs`,
    );
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const { errorType, errorMessage, trace = [] } = faultOf(error);
    if (error instanceof SyntaxError)
      throw initFault("Runtime.UserCodeSyntaxError", `SyntaxError: ${errorMessage}`, trace);
    const code = (error as { code?: unknown } | null)?.code;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND")
      throw initFault("Runtime.ImportModuleError", `Error: ${errorMessage}`, trace);
    throw initFault(errorType, errorMessage, trace);
  }
  const within = (root: unknown): unknown =>
    exportName
      .split(".")
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  const handler = within(loaded) ?? within(loaded["default"]);
  if (handler === undefined)
    throw initFault("Runtime.HandlerNotFound", `${boot.handler} is undefined or not exported`);
  if (typeof handler !== "function")
    throw initFault("Runtime.HandlerNotFound", `${boot.handler} is not a function`);
  if (!boot.callbacks && handler.length >= 3)
    throw initFault(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
    );
  return handler as Handler;
}

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMING]: "response" }),
    HttpResponseStream: { from: (stream: unknown) => stream },
  },
});

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  const { id } = message;
  current = id;
  // biome-ignore lint/style/noProcessEnv: this environment is the function's own, and AWS's runtime writes to it.
  process.env["_X_AMZN_TRACE_ID"] = message.traceId;
  if (STREAMING in handler)
    return say({
      kind: "fault",
      id,
      fault: initFault(
        "Runtime.StreamingNotSupported",
        `${boot.handler} streams its response, which the embedded Lambda does not support; return the whole response instead.`,
      ),
    });
  try {
    const result = await call(handler, message);
    const payload = JSON.stringify(result === undefined ? null : result);
    say({ kind: "result", id, payload: payload ?? "null" });
  } catch (error) {
    const fault = faultOf(error);
    print("ERROR", `Invoke Error \t${JSON.stringify(fault)}`);
    say({ kind: "fault", id, fault });
  }
}

function call(handler: Handler, message: InvokeMessage): Promise<unknown> {
  return new Promise((done, failed) => {
    const callback: Callback = (error, result) =>
      error === null || error === undefined ? done(result) : failed(error);
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      ...boot.context,
      invokedFunctionArn: message.functionArn,
      awsRequestId: message.id,
      ...(message.clientContext !== undefined && { clientContext: JSON.parse(message.clientContext) }),
      getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
      done: callback,
      succeed: (result: unknown) => callback(null, result),
      fail: (error: unknown) => callback(error),
    };
    const answer = handler(JSON.parse(message.event), context, callback);
    if (answer instanceof Promise || typeof (answer as Promise<unknown> | undefined)?.then === "function")
      (answer as Promise<unknown>).then(done, failed);
    else if (handler.length < 3) done(answer);
  });
}

const fatal = (fault: Fault): void => {
  print(
    "ERROR",
    `${fault.errorType === "Runtime.UnhandledPromiseRejection" ? "Unhandled Promise Rejection" : "Uncaught Exception"} \t${JSON.stringify(fault)}`,
  );
  say({ kind: "fault", id: current, fault, fatal: true });
};
process.on("uncaughtException", (error) => fatal(faultOf(error)));
process.on("unhandledRejection", (reason) => {
  const { errorMessage, errorType, trace = [] } = faultOf(reason);
  fatal(
    initFault(
      "Runtime.UnhandledPromiseRejection",
      errorType === "string" ? errorMessage : `${errorType}: ${errorMessage}`,
      trace,
    ),
  );
});

load().then(
  (handler) => {
    listen((message) => void invoke(handler, message));
    say({ kind: "ready" });
  },
  (fault: unknown) => {
    const shown = fault instanceof Error ? faultOf(fault) : (fault as Fault);
    print("ERROR", `Uncaught Exception \t${JSON.stringify(shown)}`);
    say({ kind: "init-error", fault: shown });
  },
);
