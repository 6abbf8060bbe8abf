/** Defines the orders of the cloud to its launcher process, and the reports of that process. */

export type LaunchOrder = {
  readonly kind: "launch";
  readonly id: number;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The file that gets both outputs of the process. It is cut when it grows beyond a limit. */
  readonly output: string;
  /** The file that the process may write as descriptor 3. */
  readonly state?: string;
  /** The process makes a sandbox: it has started when it writes its first line, and that line is no output. */
  readonly sandbox?: boolean;
};

export type ListenOrder = { readonly kind: "listen"; readonly id: number; readonly port: number };

export type Order = LaunchOrder | ListenOrder;

export type LaunchReport = { readonly id: number } & (
  | { readonly kind: "up" }
  | { readonly kind: "started"; readonly pid: number }
  /** `code` is 137 for a process that a signal ended. */
  | { readonly kind: "ended"; readonly code: number }
  | { readonly kind: "failed"; readonly message: string }
  /** The port is sent with this report. */
  | { readonly kind: "listening" }
);
