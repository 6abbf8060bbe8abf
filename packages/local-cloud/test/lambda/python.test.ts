import { describe, expect, it } from "vitest";
import { lambdaCloud } from "./functions.ts";

const source = `import os
def handler(event, context):
    print("got", event)
    if event.get("boom"):
        raise ValueError("bad")
    if event.get("leave"):
        os._exit(3)
    return {"name": context.function_name, "region": os.environ["AWS_REGION"], "shell": os.environ.get("SHELL")}
`;

describe("a Python function", () => {
  it("runs in a process of its own, with its output in order and AWS's errors", async () => {
    await using setup = await lambdaCloud();
    await setup.create("py", { "src/app.py": source }, { Runtime: "python3.12", Handler: "src/app.handler" });
    const { payload, log } = await setup.invoke("py", { n: 1 });
    expect(payload).toEqual({ name: "py", region: "us-east-1", shell: null });
    expect(log).toMatch(/START.*\ngot \{'n': 1\}\nEND/);
    const failed = await setup.invoke("py", { boom: true });
    expect(failed.FunctionError).toBe("Unhandled");
    expect(failed.payload).toMatchObject({
      errorType: "ValueError",
      errorMessage: "bad",
      stackTrace: [expect.stringContaining("app.py")],
    });
    expect((await setup.invoke("py", { leave: true })).payload).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("exit status 3"),
    });
    expect((await setup.invoke("py")).payload).toMatchObject({ name: "py" });
  });
});

describe("a function of a runtime that cannot run here", () => {
  it("is created, and says at invoke which file would run it", async () => {
    await using setup = await lambdaCloud();
    await setup.create("ruby", { "app.rb": "" }, { Runtime: "ruby3.4", Handler: "app.handler" });
    await expect(setup.invoke("ruby")).rejects.toThrow(
      "packages/local-cloud/src/lambda-runtime/process.ts would start it",
    );
  });
});
