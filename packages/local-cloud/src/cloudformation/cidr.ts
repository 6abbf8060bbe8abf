/** `Fn::Cidr`: cuts consecutive address blocks from a larger block, IPv4 and IPv6. */

import { isList } from "./json.ts";
import { functionError } from "./template-error.ts";
import type { TemplateFunction } from "./template-function.ts";

const usage =
  "every Fn::Cidr object requires two or three parameters, (1) an IP block, (2) the number of CIDRs and (3) the subnet mask bits";

export const cidr: TemplateFunction = (argument, resolve) => {
  if (!isList(argument) || argument.length < 2 || argument.length > 3) throw functionError(usage);
  const [block, count, bits] = argument.map((part) => String(resolve(part)));
  const [address = "", mask = ""] = (block ?? "").split("/");
  const six = address.includes(":");
  const width = six ? 128 : 32;
  const suffix = Number(bits ?? (six ? 64 : 8));
  const total = Number(count);
  const prefix = width - suffix;
  if (!Number.isInteger(total) || total < 1 || total > 256 || !/^\d+$/.test(mask) || prefix < Number(mask)) {
    throw functionError(
      `Fn::Cidr function requires a valid cidr block, a count from 1 to 256 and cidr bits that fit: ${block}, ${count}, ${bits ?? "none"}`,
    );
  }
  if (2 ** Math.min(prefix - Number(mask), 16) < total) {
    throw functionError(`Fn::Cidr function: ${block} does not hold ${count} blocks of ${suffix} bits`);
  }
  const hostBits = BigInt(width - Number(mask));
  const base = ((six ? parseSix(address) : parseFour(address)) >> hostBits) << hostBits;
  return Array.from({ length: total }, (_, index) => {
    const start = base + (BigInt(index) << BigInt(suffix));
    return `${six ? formatSix(start) : formatFour(start)}/${prefix}`;
  });
};

const parseFour = (address: string): bigint =>
  address.split(".").reduce((sum, part) => (sum << 8n) + BigInt(Number(part)), 0n);

const formatFour = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join(".");

const parseSix = (address: string): bigint => {
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined
      ? front
      : [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n);
};

const formatSix = (value: bigint): string => {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const text = groups.join(":");
  const [longest] = [...text.matchAll(/(^|:)0(:0)+(:|$)/g)]
    .map((match) => match[0])
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? text : text.replace(longest, "::");
};
