/**
 * Keeps the versions that start an execution environment, and the invocations that wait for a change: for the end
 * of the start, or for an environment that another invocation releases. Invocations wait only while a start
 * runs, and its end wakes them, so each of them goes on.
 */
export class Starts {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Returns whether the caller may start an environment of the version. The caller then calls `end`, also after a failure. */
  begin(key: string): boolean {
    if (this.#waiting.has(key)) return false;
    this.#waiting.set(key, []);
    return true;
  }

  end(key: string): void {
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const wake of waiting) wake();
  }

  /** Resolves at the next change of the version. The callers go on in the order of their calls. */
  change(key: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.get(key)?.push(resolve));
  }

  /** An environment of the version may be idle now. */
  changed(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) for (const wake of waiting.splice(0)) wake();
  }
}
