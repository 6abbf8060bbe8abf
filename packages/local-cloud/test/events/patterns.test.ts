import { EventBridgeClient, PutRuleCommand, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { matchPattern } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import { events } from "#cloud/services/events/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const event = {
  source: "my.app",
  resources: ["arn:a", "arn:b"],
  detail: {
    name: "Größe.JSON",
    path: "lines/a/latest.zip",
    count: 300,
    flag: true,
    none: null,
    ip: "10.0.12.34",
    ip6: "2001:db8::1",
    list: [1, 2],
    items: [
      { k: "a", n: 1 },
      { k: "b", n: 2 },
    ],
    empty: [],
    nested: { leaf: "x" },
    tags: ["banned", "ok"],
    "dotted.key": "y",
  },
};
const detail = (field: string, test: unknown) => ({ detail: { [field]: [test] } });

describe("an event pattern", () => {
  it.each([
    [{ source: ["my.app", "other"] }, true],
    [{ source: ["MY.APP"] }, false],
    [{ resources: ["arn:b"] }, true],
    [detail("count", 300), true],
    [detail("count", "300"), false],
    [detail("flag", true), true],
    [detail("none", null), true],
    [detail("missing", null), false],
    [detail("list", 2), true],
    [detail("path", { prefix: "lines/" }), true],
    [detail("path", { suffix: "/latest.zip" }), true],
    [detail("path", { suffix: ".txt" }), false],
    [detail("name", { suffix: { "equals-ignore-case": ".json" } }), true],
    [detail("name", { prefix: { "equals-ignore-case": "GRÖSSE" } }), false],
    [detail("name", { "equals-ignore-case": "größe.json" }), true],
    [detail("path", { wildcard: "lines/*/latest.zip" }), true],
    [detail("path", { wildcard: "lines/*" }), true],
    [detail("path", { wildcard: "*/b/*" }), false],
    [detail("path", { "anything-but": "x" }), true],
    [detail("path", { "anything-but": ["x", "lines/a/latest.zip"] }), false],
    [detail("count", { "anything-but": [1, 300] }), false],
    [detail("path", { "anything-but": { prefix: "results/" } }), true],
    [detail("path", { "anything-but": { prefix: ["results/", "lines/"] } }), false],
    [detail("path", { "anything-but": { suffix: ".zip" } }), false],
    [detail("path", { "anything-but": { wildcard: "*/a/*" } }), false],
    [detail("name", { "anything-but": { "equals-ignore-case": ["größe.json"] } }), false],
    [detail("missing", { "anything-but": "x" }), false],
    [detail("count", { numeric: [">", 299, "<=", 300] }), true],
    [detail("count", { numeric: ["=", 3e2] }), true],
    [detail("count", { numeric: ["<", 300] }), false],
    [detail("name", { numeric: [">", 0] }), false],
    [detail("tags", { "anything-but": "banned" }), true],
    [detail("tags", { "anything-but": ["banned", "ok"] }), false],
    [detail("none", { "anything-but": "x" }), true],
    [detail("count", { "anything-but": { prefix: "3" } }), true],
    [detail("empty", { exists: true }), false],
    [detail("empty", { exists: false }), true],
    [detail("empty", { "anything-but": "x" }), false],
    [detail("nested.leaf", "x"), true],
    [{ "detail.nested": { leaf: ["x"] } }, true],
    [{ detail: { dotted: { key: ["y"] } } }, true],
    [{ detail: { items: { k: ["a"], n: [2] } } }, false],
    [{ detail: { "items.k": ["b"], items: { n: [2] } } }, true],
    [{ detail: { items: { k: ["a"], m: [{ exists: false }] } } }, true],
    [{ detail: { nested: { $or: [{ leaf: ["z"] }, { leaf: ["x"] }] } } }, true],
    [detail("name", { exists: true }), true],
    [detail("missing", { exists: false }), true],
    [detail("nested", { exists: true }), false],
    [{ detail: { nested: { leaf: [{ exists: true }] } } }, true],
    [detail("ip", { cidr: "10.0.0.0/16" }), true],
    [detail("ip", { cidr: "10.1.0.0/16" }), false],
    [detail("ip6", { cidr: "2001:db8::/32" }), true],
    [detail("ip", { cidr: "2001:db8::/32" }), false],
    [{ detail: { items: { k: ["b"] } } }, true],
    [{ $or: [{ source: ["x"] }, { detail: { count: [{ numeric: [">", 1] }] } }] }, true],
    [{ source: ["my.app"], $or: [{ source: ["x"] }, { source: ["y"] }] }, false],
    [{ source: ["my.app"], detail: { count: [1] } }, false],
  ])("%j matches: %s", (pattern, expected) => {
    expect(matchPattern(parsePattern(JSON.stringify(pattern)), event)).toBe(expected);
  });

  it.each([
    ["[]", "Filter is not an object"],
    ["{}", "Empty patterns are not allowed"],
    ['{"a":"b"}', '"a" must be an object or an array'],
    ['{"a":[]}', "Empty arrays are not allowed"],
    ['{"a":{}}', "Empty objects are not allowed"],
    ['{"a":[{"regex":"x"}]}', "Unrecognized match type regex"],
    ['{"a":[{"prefix":1}]}', "prefix match pattern must be a string"],
    ['{"a":[{"prefix":"x","suffix":"y"}]}', "Only one key allowed in match expression"],
    ['{"a":[{"numeric":["~",1]}]}', "Unrecognized numeric range operator: ~"],
    ['{"a":[{"numeric":[">",2,"<",1]}]}', "Bottom must be less than top"],
    ['{"a":[{"exists":"yes"}]}', "exists match pattern must be either true or false."],
    ['{"a":[{"wildcard":"x**"}]}', "Consecutive wildcard characters at pos 2"],
    ['{"a":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}', "Rule is too complex"],
    ['{"a":[{"anything-but":{"prefix":""}}]}', "Null prefix/suffix not allowed"],
    ['{"a":[{"anything-but":{"suffix":["x",""]}}]}', "Null prefix/suffix not allowed"],
    ['{"a":[{"anything-but":{"prefix":1}}]}', "prefix/suffix match pattern must be a string"],
    ['{"a":[{"anything-but":["x",1]}]}', "mixed type is not supported"],
    [
      '{"a":[{"anything-but":null}]}',
      "Value of anything-but must be an array or single string/number value.",
    ],
    ['{"a":[{"cidr":"10.0.0.0"}]}', "Malformed CIDR"],
    ['{"a":[[1]]}', "Match value must be String, number, true, false, or null"],
    ["{", "Event pattern is not valid. Reason:"],
  ])("%s is refused", (pattern, reason) => {
    expect(() => parsePattern(pattern)).toThrow(reason);
  });

  it("has at most 2,048 characters in a rule", async () => {
    await using cloud = await testCloud({ services: [events] });
    const client = cloud.client(EventBridgeClient, "111111111111");
    const put = (characters: number) =>
      client.send(
        new PutRuleCommand({ Name: "r", EventPattern: `{"source":["${"x".repeat(characters - 15)}"]}` }),
      );
    await put(2048);
    await expect(put(2049)).rejects.toMatchObject({ name: "LimitExceededException" });
  });

  it("is tried by TestEventPattern, which wants a whole event", async () => {
    await using cloud = await testCloud({ services: [events] });
    const client = cloud.client(EventBridgeClient, "111111111111");
    const test = (EventPattern: string, Event: object) =>
      client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(Event) }));
    const whole = {
      id: "1",
      account: "1",
      source: "s",
      time: "t",
      region: "r",
      "detail-type": "d",
    };
    expect((await test('{"source":["s"]}', whole)).Result).toBe(true);
    await expect(test('{"source":["s"]}', { source: "s" })).rejects.toThrow("Parameter Event is not valid.");
    await expect(test('{"source":"s"}', whole)).rejects.toMatchObject({
      name: "InvalidEventPatternException",
    });
  });
});
