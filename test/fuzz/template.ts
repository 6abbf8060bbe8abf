/**
 * Fuzzes the template inspector: it returns a document or rejects with a place, and never makes more nodes
 * than the text can hold.
 */

import {
  readTemplate,
  resourcesOf,
  transformsOf,
  writeTemplate,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson } from "#release/names/digest.ts";
import { templates } from "./examples.ts";
import { tokens } from "./mutate.ts";
import { Broken, type Target } from "./target.ts";

export const template: Target = {
  name: "template",
  corpus: templates,
  mutations: [
    tokens([
      "&a ",
      "*a",
      "<<: *a\n",
      "!Ref ",
      "!Sub ",
      "!Exec ",
      "!!str ",
      "!!js/x ",
      "- ",
      "? ",
      ": ",
      "\n",
      "\t",
      "  ",
    ]),
    tokens([
      "[",
      "]",
      "{",
      "}",
      "'",
      '"',
      "|\n",
      ">\n",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "#",
      "\ufeff",
      "\r\n",
      "~",
      "__proto__: ",
    ]),
    tokens([
      "[".repeat(120),
      "- ".repeat(120),
      "*a,".repeat(50),
      "&a [*a]",
      "Resources:\n",
      "Type: AWS::SNS::Topic\n",
    ]),
  ],
  check: (input) => {
    const text = new TextDecoder().decode(input);
    try {
      const document = readTemplate(text, "template.yaml");
      resourcesOf(document);
      transformsOf(document);
      const again = readTemplate(writeTemplate(document), "template.json");
      if (canonicalJson(again) !== canonicalJson(document))
        throw new Broken("written and read again, it is another document");
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.move !== "rejected") throw error;
      if (!error.message.includes("template.")) throw new Broken(`no place is named: ${error.message}`);
    }
  },
};
