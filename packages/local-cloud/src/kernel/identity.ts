/** Who an access key belongs to. The identity house answers for issued keys; twelve digits are an account's administrator. */
import type { Principal } from "./principal.ts";

type Identity = {
  readonly principal: Principal;
  /** Absent for administrators: any secret will do. */
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

export type Identities = { readonly find: (accessKeyId: string) => Identity | undefined };
