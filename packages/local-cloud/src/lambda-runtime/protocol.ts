/** Defines the messages between a sandbox and the code that runs in it, and the outcomes of an invocation. */

export type Boot = {
  readonly handler: string;
  readonly codeDir: string;
  readonly optDir: string | undefined;
  /** The file beside which AWS's SDK is found. */
  readonly sdkBase: string;
  /** The folder in which Node keeps compiled code for the next start of this function. */
  readonly compileCache: string | undefined;
  readonly jsonLogs: boolean;
  /**
   * nodejs24 and later reject handlers that take a callback (Lambda Developer Guide, "Define Lambda function
   * handler in Node.js").
   */
  readonly callbacks: boolean;
  /** The facts about the function in the handler's context. */
  readonly context: {
    readonly functionName: string;
    readonly functionVersion: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
};

/** The first line that a process gets. */
export type FirstLine = { readonly boot: Boot; readonly env: Readonly<Record<string, string>> };

export type InvokeMessage = {
  readonly id: string;
  readonly event: string;
  readonly functionArn: string;
  readonly deadline: number;
  readonly traceId: string;
  readonly clientContext?: string;
};

/** An error as Lambda shows it to the caller. */
export type Fault = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

export type SandboxMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "init-error"; readonly fault: Fault }
  | { readonly kind: "result"; readonly id: string; readonly payload: string }
  | { readonly kind: "fault"; readonly id: string; readonly fault: Fault; readonly fatal?: boolean };

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  /** `dead`: the sandbox can take no further invocation. */
  | { readonly ok: false; readonly fault: Fault; readonly dead: boolean };
