/**
 * Declares the state of SNS: topics, subscriptions, and the FIFO deduplication ids of the last five minutes
 * (SNS API Reference, Publish, "MessageDeduplicationId").
 */
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Topic = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly fifo: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
};

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly owner: string;
  /** The confirmation token; absent after the confirmation. */
  readonly token?: string;
  /** Confirmed with AuthenticateOnUnsubscribe: an unsigned call does not remove it. */
  readonly guarded?: true;
  readonly attributes: Readonly<Record<string, string>>;
};

export type SigningKey = { readonly privateKey: string; readonly certificate: string };

export type SnsState = {
  readonly topics: Table<Topic>;
  readonly subscriptions: Table<Subscription>;
  readonly deduplications: Table<{ readonly messageId: string; readonly until: number }>;
  /** The key that signs messages, in one account only. */
  readonly signingKeys: Table<SigningKey>;
};

export const snsState = (table: OpenTable): SnsState => ({
  topics: table<Topic>("topics"),
  subscriptions: table<Subscription>("subscriptions"),
  deduplications: table<{ readonly messageId: string; readonly until: number }>("deduplications"),
  signingKeys: table<SigningKey>("signing-keys"),
});
