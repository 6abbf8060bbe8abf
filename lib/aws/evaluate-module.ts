/** The source of a release template's module, evaluated. Whoever calls this has checked where the bytes are from. */
import type { ReleaseTemplate } from "#release/template/template.ts";

/** Undefined for a module that exports no template. */
export async function evaluateModule(bytes: Uint8Array): Promise<ReleaseTemplate | undefined> {
  const source = `data:text/javascript;base64,${Buffer.from(bytes).toString("base64")}`;
  return ((await import(/* @vite-ignore */ source)) as { readonly template?: ReleaseTemplate }).template;
}
