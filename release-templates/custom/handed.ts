/** The input of a handler: the action, the artifact's location, and the environment. */

export type Handed = {
  readonly action: "deploy" | "destroy";
  readonly bucket: string;
  readonly key: string;
  /** The version of the object at `key`. */
  readonly objectVersion: string;
  readonly digest: string;
  readonly version: string;
  readonly app: string;
  readonly branch: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
};

/** The document a function is called with. */
export const handedFile = "handed.json";

/** The same as variables of a build: `KEDGE_ACTION`, `KEDGE_BUCKET` … */
export const variablesOf = (handed: Handed): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(handed).map(([name, value]) => [`KEDGE_${name.toUpperCase()}`, value]));
