/** Tests the stores of people and of upload records: the fakes and S3 keep the same promises. */
import { peopleS3 } from "#aws/people-s3.ts";
import { uploadRecordsS3 } from "#aws/upload-records-s3.ts";
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
