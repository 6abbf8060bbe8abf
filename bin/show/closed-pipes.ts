/** Ends the process quietly when the reader of its output goes away, as `kedge status | head -1` does. */

export function endQuietlyOnClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Windows reports a closed pipe as EOF.
      if (error.code === "EPIPE" || error.code === "EOF") process.exit(process.exitCode ?? 0);
      throw error;
    });
}
