/** The services there are; adding one is its folder and one line here. */
import type { Service } from "#cloud/kernel/service.ts";
import { cloudformation } from "./cloudformation/service.ts";
import { servicecatalog } from "./servicecatalog/service.ts";
import { sqs } from "./sqs/service.ts";

export const services: readonly Service[] = [cloudformation, servicecatalog, sqs];
