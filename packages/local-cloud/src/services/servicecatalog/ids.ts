/** Makes ids and ARNs in Service Catalog's forms. */
import { randomBytes } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** For example `port-2ksjzqyvkvcxk`. */
export const newId = (prefix: string): string =>
  `${prefix}-${[...randomBytes(13)].map((byte) => alphabet[byte % 32]).join("")}`;

type Location = { readonly account: string; readonly region: string };

export const portfolioArn = (id: string, { account, region }: Location): string =>
  `arn:aws:catalog:${region}:${account}:portfolio/${id}`;
export const productArn = (id: string, { account, region }: Location): string =>
  `arn:aws:catalog:${region}:${account}:product/${id}`;
export const provisionedArn = (name: string, id: string, { account, region }: Location): string =>
  `arn:aws:servicecatalog:${region}:${account}:stack/${name}/${id}`;
