import { describe, expect, it } from "vitest";
import { literal, parseHcl } from "#cloud/build/tools/hcl.ts";

describe("HCL", () => {
  it("has blocks with labels, attributes as they are written, and comments", () => {
    const text = `
# a comment
resource "aws_sqs_queue" "this" { // of one line
  name = "\${var.name}-dead" # a name
  policy = jsonencode({
    a = [1, 2] /* two */
  })
  tags = { "}" = "{" }
  body = <<-EOT
    not a } block
  EOT
}
count = 1
`;
    const { blocks, attributes } = parseHcl(text, "main.tf");
    expect(attributes).toEqual({ count: "1" });
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({ type: "resource", labels: ["aws_sqs_queue", "this"], line: 3 });
    expect(Object.keys(blocks[0]?.attributes ?? {})).toEqual(["name", "policy", "tags", "body"]);
    expect(blocks[0]?.attributes["name"]).toBe('"${var.name}-dead"');
  });

  it("has expressions over several lines, and texts within texts", () => {
    const text =
      'locals {\n  x = cond ? "a" : "b"\n  y = [\n    for k in keys({ a = "${join(",", ["}"])}" }) : k\n  ]\n}\n';
    expect(Object.keys(parseHcl(text, "x.tf").blocks[0]?.attributes ?? {})).toEqual(["x", "y"]);
  });

  it.each([
    ['a = "open', "on x.tf line 1: Invalid multi-line string"],
    ["\nresource {", "line 2: Unclosed configuration block: resource"],
    ["a = [1, 2", "Unclosed configuration: a bracket is not closed"],
    ["a = 1\na = 2", "line 2: Attribute redefined: a"],
    ["a =\n", "a has no value"],
    ["= 1", "Argument or block definition required"],
    ["x = <<EOT\nnever", "no line says EOT"],
    ['resource "a" "b"', "Invalid block definition: expected {"],
    ["a = (1]", "this ] closes nothing"],
  ])("refuses %j with its line", (text, message) => {
    expect(() => parseHcl(text, "x.tf")).toThrow(message);
  });

  it("knows the value of literals, and of nothing else", () => {
    expect(['"./queue"', '"a\\"b"', "7", "true"].map(literal)).toEqual(["./queue", 'a"b', "7", "true"]);
    expect(["var.x", '"${var.x}"', undefined].map(literal)).toEqual([undefined, undefined, undefined]);
  });
});
