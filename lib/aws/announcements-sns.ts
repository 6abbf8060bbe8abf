/** Publishes on the anchor's topic for people. */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Announcements } from "#ports/line-events.ts";

/** SNS API Reference, Publish: ASCII, less than 100 characters. */
const longestSubject = 99;

export const announcementsSns = (sns: SNSClient, topicArn: string): Announcements => ({
  announce: async (subject, message) => {
    const plain = subject.replace(/[^ -~]/g, "?").slice(0, longestSubject);
    await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: plain, Message: message }));
  },
});
