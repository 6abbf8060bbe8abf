/** Tests the stores of people and of upload records: the fakes and S3 keep the same promises. */
import { describe, expect, it } from "vitest";
import { peopleS3 } from "#aws/people-s3.ts";
import { uploadRecordsS3 } from "#aws/upload-records-s3.ts";
import { personOf } from "#release/people/person.ts";
import { peopleContract } from "#test/contracts/people.ts";
import { uploadRecordsContract } from "#test/contracts/upload-records.ts";
import { memoryPeople, memoryUploadRecords } from "#test/support/fakes/people.ts";
import { awsCloud } from "./aws-cloud.ts";

const inMemory = { [Symbol.asyncDispose]: async () => undefined };

peopleContract("memory", async () => ({ port: memoryPeople(), ...inMemory }));
peopleContract("S3", async () => {
  const aws = await awsCloud();
  return { ...aws, port: peopleS3(aws.s3, await aws.bucket("artifacts")) };
});

uploadRecordsContract("memory", async () => ({ port: memoryUploadRecords(), ...inMemory }));
uploadRecordsContract("S3", async () => {
  const aws = await awsCloud();
  return { ...aws, port: uploadRecordsS3(aws.s3, await aws.bucket("artifacts")) };
});

describe("the record of a person in S3", () => {
  it("makes one call when the person is known", async () => {
    await using aws = await awsCloud();
    const people = peopleS3(aws.s3, await aws.bucket("artifacts"));
    const bob = personOf({ kind: "session", role: "kedge-ci", name: "bob" });
    const record = () => people.record("111111111111", bob);
    const first = await record();
    expect(await record()).toBe(first);
    const calls: string[] = [];
    const stop = aws.cloud.cloud().onCall(({ operation }) => calls.push(operation));
    expect(await record()).toBe(first);
    stop();
    expect(calls).toEqual(["GetObject"]);
  });
});
