/** Reads a port from a command line. */
import { InvalidArgumentError } from "commander";

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("Expected a port number, 0 for any free one.");
  return port;
}
