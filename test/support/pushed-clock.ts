/**
 * Replaces the pauses of a process: each one pushes the clock and ends at once. A test loads this file with Node's
 * option `--import`, so that a command that waits for a minute ends in a second.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const { now } = Date;
let pushed = 0;

const pause = async (ms = 0): Promise<void> => {
  pushed += ms;
};

Object.assign(timers, { setTimeout: pause });
syncBuiltinESMExports();

Date.now = () => now() + pushed;
globalThis.Date = new Proxy(Date, {
  construct: (RealDate, given, made) =>
    Reflect.construct(RealDate, given.length === 0 ? [RealDate.now()] : given, made),
});
