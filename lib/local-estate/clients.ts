/**
 * Creates SDK clients as the administrator of an account of the embedded cloud. The account's twelve digits
 * are its access key. A strict cloud wants its secret; any other cloud takes any secret.
 */

export type ClientConfig = {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  forcePathStyle: boolean;
};

export type Clients = <Client>(Client: new (config: ClientConfig) => Client, account: string) => Client;

export const configFor = (
  endpoint: string,
  region: string,
  account: string,
  adminSecret = "any",
): ClientConfig => ({
  endpoint,
  region,
  credentials: { accessKeyId: account, secretAccessKey: adminSecret },
  forcePathStyle: true,
});

/** One client per class and account, so that connections are shared. */
export function createClients(endpoint: string, region: string, adminSecret?: string): Clients {
  const made = new Map<unknown, Map<string, unknown>>();
  return <Client>(Client: new (config: ClientConfig) => Client, account: string): Client => {
    const byAccount = made.get(Client) ?? new Map<string, unknown>();
    made.set(Client, byAccount);
    const known = byAccount.get(account) as Client | undefined;
    if (known !== undefined) return known;
    const client = new Client(configFor(endpoint, region, account, adminSecret));
    byAccount.set(account, client);
    return client;
  };
}
