/**
 * Reduces aws-cdk-lib in a Lambda: stubs replace the services that synthesis does not use, and an import of
 * the package's root, which loads all services, is rejected.
 */
import { dirname, join, sep } from "node:path";
import type { Plugin } from "esbuild";

/** The services that `lib/synth` uses; a new kind of planned action may add one. */
const used: ReadonlySet<string> = new Set(["aws-codepipeline"]);

/** Every property of a stub is the stub again, so modules that only mention a service still load. */
const stub = `
const stub = new Proxy(class {}, { get: (target, name) => (name in target ? target[name] : name === "__esModule" ? true : stub) });
module.exports = stub;
`;

const home = `${sep}node_modules${sep}aws-cdk-lib`;

export const cdkDiet: Plugin = {
  name: "cdk-diet",
  setup(build) {
    build.onResolve({ filter: /^aws-cdk-lib$/ }, ({ importer }) => ({
      errors: [
        {
          text: `${importer} imports the root of aws-cdk-lib, which loads every service: import a submodule, e.g. aws-cdk-lib/core.`,
        },
      ],
    }));
    build.onResolve(
      { filter: /^(aws-cdk-lib|\.{1,2})\/(.*\/)?aws-[a-z0-9-]+(\/|$)/ },
      ({ path, importer, resolveDir }) => {
        const service = path.startsWith("aws-cdk-lib/")
          ? path.slice("aws-cdk-lib/".length).split("/")[0]
          : serviceOf(join(resolveDir, path), importer);
        return service === undefined || used.has(service)
          ? undefined
          : { path: service, namespace: "cdk-stub" };
      },
    );
    build.onLoad({ filter: /.*/, namespace: "cdk-stub" }, () => ({ contents: stub, loader: "js" }));
  },
};

/** The service that a file of aws-cdk-lib belongs to, when another part of the library imports it. */
function serviceOf(file: string, importer: string): string | undefined {
  const inside = dirname(importer).includes(home);
  if (!inside) return undefined;
  const at = file.indexOf(home);
  const folder = file.slice(at + home.length + 1).split(sep)[0];
  return folder?.startsWith("aws-") ? folder : undefined;
}
