/**
 * Values in the memory of an execution environment. The oldest value goes first. A use keeps only values that never
 * change under their key, or values that decide nothing.
 */
export type Memory<Value> = {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
};

export function memory<Value>(most: number): Memory<Value> {
  const held = new Map<string, Value>();
  return {
    get: (key) => held.get(key),
    set: (key, value) => {
      held.delete(key);
      held.set(key, value);
      const [oldest] = held.keys();
      if (held.size > most && oldest !== undefined) held.delete(oldest);
    },
  };
}
