/**
 * Maps a list parameter to ARNs inside the template. CloudFormation has no map function, but it can join and
 * split.
 */
import { Fn } from "aws-cdk-lib/core";

/** `prefix` and `suffix` around each element; neither may contain a comma. */
export const around = (prefix: string, list: readonly string[], suffix: string): readonly string[] =>
  Fn.split(",", Fn.join("", [prefix, Fn.join(`${suffix},${prefix}`, [...list]), suffix]));
