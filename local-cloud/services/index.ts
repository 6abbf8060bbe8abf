/** The services there are; adding one is its folder and one line here. */
import type { Service } from "#cloud/kernel/service.ts";
import { cloudformation } from "./cloudformation/service.ts";
import { events } from "./events/service.ts";
import { lambda } from "./lambda/service.ts";
import { logs } from "./logs/service.ts";
import { s3 } from "./s3/service.ts";
import { servicecatalog } from "./servicecatalog/service.ts";
import { sqs } from "./sqs/service.ts";

export const services: readonly Service[] = [cloudformation, events, lambda, logs, s3, servicecatalog, sqs];
