/** Amazon SNS delivers the messages of topics to queues, functions and HTTP endpoints. */
import * as sdk from "@aws-sdk/client-sns";
import { defineService } from "#cloud/kernel/service.ts";
import { publish, publishBatch } from "./publish.ts";
import { listTagsForResource, tagResource, untagResource } from "./resource-tags.ts";
import { signingCertificate } from "./sign-message.ts";
import { type SnsState, snsState } from "./state.ts";
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from "./subscriptions.ts";
import {
  addPermission,
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTopics,
  removePermission,
  setTopicAttributes,
} from "./topics.ts";

export const sns = defineService<SnsState, typeof sdk>(
  {
    name: "sns",
    sdk,
    protocols: ["query"],
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    deniedCode: "AuthorizationErrorException",
    state: snsState,
    document: signingCertificate,
  },
  {
    AddPermission: addPermission,
    ConfirmSubscription: confirmSubscription,
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: listTagsForResource,
    ListTopics: listTopics,
    Publish: publish,
    PublishBatch: publishBatch,
    RemovePermission: removePermission,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    TagResource: tagResource,
    Unsubscribe: unsubscribe,
    UntagResource: untagResource,
  },
);
