/**
 * Orders the files of a test run for few cores. Files that take minutes start first. Journeys wait for the
 * cloud most of the time, so files that compute run beside them.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest files, the longest first. Files that are not listed keep Vitest's order. */
const longest = [
  "test/journeys/crash.test.ts",
  "test/journeys/killed.test.ts",
  "test/journeys/terraform.test.ts",
  "test/journeys/hostile/hostile.test.ts",
  "test/journeys/cloudformation.test.ts",
  "test/journeys/template-rollout.test.ts",
  "test/journeys/kubernetes.test.ts",
  "test/journeys/branches.test.ts",
  "test/simulation/simulation.test.ts",
  "test/access/access.test.ts",
  "test/bundle/bundle.test.ts",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((path) => moduleId.endsWith(path));
  return at < 0 ? longest.length : at;
};

export class RunOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
    const of = (project: string) => sorted.filter((file) => file.project.name === project);
    return [...interleave(of("estate"), of("long")), ...of("fast")];
  }
}

/** Puts one of `fewer` after every two of `more`. */
function interleave<Item>(more: readonly Item[], fewer: readonly Item[]): Item[] {
  const left = [...fewer];
  const mixed = more.flatMap((item, at) => (at % 2 === 1 ? [item, ...left.splice(0, 1)] : [item]));
  return [...mixed, ...left];
}
