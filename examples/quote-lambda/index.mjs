import { quote } from "./lib/rates.mjs";

const version = "1";

/** The cost of hauling a vessel along: by its length in metres, and the distance in cable lengths. */
export const handler = async ({ length = 0, cables = 0 }) => {
  if (!(length > 0)) throw new Error(`No vessel has a length of ${length} metres.`);
  // biome-ignore lint/style/noProcessEnv: a function's settings are its environment
  return { version, cents: quote(length, cables), currency: process.env.CURRENCY ?? "EUR" };
};
