/** Odd and hostile templates, parameter files and tests in well-formed zips. */
import { type RawEntry, rawZip } from "#test/support/raw-zip.ts";
import { failed, lawful, marker, type Outcome, type Row, readToItsEnd, rejected, template } from "./row.ts";

const files = (all: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  rawZip(Object.entries(all).map(([name, content]): RawEntry => ({ name, content, deflate: true })));
const row = (what: string, all: Readonly<Record<string, string | Uint8Array>>, becomes: Outcome): Row => ({
  what,
  bytes: () => files(all),
  becomes,
});
const yaml = (what: string, text: string | Uint8Array, becomes: Outcome): Row =>
  row(what, { "template.yaml": text, [marker.name]: marker.content }, becomes);
const malformed = rejected("TemplateMalformed");
const plain = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
  .split("")
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(",")}]`)
  .join("\n")}\n${plain}`;
const nested = (depth: number): string => `${plain}Metadata: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
const manyAliases = `x: &x 1\n${plain}Metadata: [${Array(5000).fill("*x").join(",")}]\n`;
const stack = (url: string): string =>
  JSON.stringify({
    Resources: { N: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: url } } },
  });

export const contents: readonly Row[] = [
  yaml("a template with a byte order mark", `\ufeff${plain}`, readToItsEnd),
  yaml("a template with Windows line ends", plain.replaceAll("\n", "\r\n"), readToItsEnd),
  yaml("a template with comments in every script", `# größe 漢字 שלום 👩🏽‍🚀\n${plain}`, readToItsEnd),
  yaml(
    "a template with the names of JavaScript's own properties",
    `${plain}  __proto__: {Type: AWS::SNS::Topic}\n  constructor: {Type: AWS::SNS::Topic}\n`,
    readToItsEnd,
  ),
  yaml(
    "a template with a merge key",
    `x: &x {Type: AWS::SNS::Topic}\nResources: {A: {<<: *x}}\n`,
    readToItsEnd,
  ),
  yaml("an empty template", "", malformed),
  yaml("a template of comments", "# nothing\n# at all\n", malformed),
  yaml("a template of one word", "Resources", malformed),
  yaml("a template of a list", "- Resources\n", malformed),
  yaml("a template without resources", "Resources: {}\n", malformed),
  yaml("a resource without a type", "Resources: {A: {Properties: {}}}\n", malformed),
  yaml("a template in UTF-16", Buffer.from(`\ufeff${plain}`, "utf16le"), malformed),
  yaml("a template in Latin 1", Buffer.from(`# gr\u00f6\u00dfe\n${plain}`, "latin1"), malformed),
  yaml(
    "a template of random bytes",
    Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 73) % 256)),
    malformed,
  ),
  yaml("a template of zero bytes", Buffer.alloc(1000), malformed),
  yaml("a template with an alias bomb", bomb, malformed),
  yaml("a template with too many aliases", manyAliases, malformed),
  yaml("a template with an alias of itself", `x: &x [*x]\n${plain}`, malformed),
  yaml("a template with an alias of nothing", `x: *nothing\n${plain}`, malformed),
  yaml("a template nested 1000 deep", nested(1000), malformed),
  yaml("a template nested 100000 deep", nested(100_000), malformed),
  yaml("a template with a key twice", `${plain}${plain}`, malformed),
  yaml("a template with an unknown function", `${plain}Metadata: !Exec rm -rf /\n`, malformed),
  yaml("a template with a tag of JavaScript", `${plain}Metadata: !!js/function 'function(){}'\n`, malformed),
  yaml("a template of two documents", `${plain}---\n${plain}`, malformed),
  yaml("a template indented with tabs", plain.replaceAll("  ", "\t"), malformed),
  yaml("a template whose key is a list", `${plain}? [a, b]\n: c\n`, malformed),
  row(
    "a template larger than a megabyte",
    { "template.yaml": `${plain}# ${"x".repeat(1024 * 1024)}` },
    rejected("TemplateTooLarge"),
  ),
  row("a template in JSON with text after its end", { "template.json": `${template} ]` }, malformed),
  row(
    "a template in JSON nested 100000 deep",
    { "template.json": `{"Resources":${'{"a":'.repeat(100_000)}` },
    malformed,
  ),
  row(
    "two templates",
    { "template.yaml": plain, "template.json": template },
    rejected("SeveralTemplatesFit"),
  ),
  row("a template that is a folder", { "template.yaml/x": plain }, rejected("NoTemplateFits")),
  row("a template whose name has other capitals", { "Template.YAML": plain }, rejected("NoTemplateFits")),
  row(
    "parameters for an unknown environment",
    { "template.json": template, "parameters/nowhere.json": "{}" },
    rejected("UnknownEnvironment"),
  ),
  row(
    "parameters for the name of a JavaScript property",
    { "template.json": template, "parameters.__proto__.json": "{}" },
    rejected("UnknownEnvironment"),
  ),
  row(
    "parameters for one environment twice",
    { "template.json": template, "parameters.dev.json": "{}", "parameters/dev.json": "{}" },
    rejected("ParametersMalformed"),
  ),
  row(
    "parameters that are no JSON",
    { "template.json": template, "parameters.json": "{" },
    failed("ParametersMalformed"),
  ),
  row(
    "parameters that are a number",
    { "template.json": template, "parameters.json": "42" },
    failed("ParametersMalformed"),
  ),
  row(
    "parameters with values that are objects",
    { "template.json": template, "parameters.json": '{"A":{"b":1}}' },
    failed("ParametersMalformed"),
  ),
  row(
    "parameters that the template does not have",
    { "template.json": template, "parameters.json": '{"__proto__":"1","Nobody":"2"}' },
    failed("ParametersUnknown"),
  ),
  row(
    "a nested template that is not there",
    { "template.json": stack("./nested.json") },
    failed("ReferenceMissing"),
  ),
  row(
    "a nested template outside of the artifact",
    { "template.json": stack("../../nested.json") },
    failed("ReferenceMalformed"),
  ),
  row(
    "a template nested in itself",
    { "template.json": stack("./template.json") },
    failed("ReferenceMalformed"),
  ),
  row(
    "templates nested in a circle",
    { "template.json": stack("./a.json"), "a.json": stack("./b.json"), "b.json": stack("./a.json") },
    failed("ReferenceMalformed"),
  ),
  row(
    "an empty smoke test, and a folder named like a buildspec",
    { [lawful.name]: template, [marker.name]: "{}", "smoke-test.sh": "", "buildspec.smoke.yml/x": "" },
    readToItsEnd,
  ),
];
