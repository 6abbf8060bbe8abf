/** Returns the code of the `OperateError` that the attempt throws. */
import { type OperateCode, OperateError } from "#operate/operate-error.ts";

export async function operateCodeOf(attempt: () => unknown): Promise<OperateCode | "no error"> {
  try {
    await attempt();
    return "no error";
  } catch (error) {
    if (error instanceof OperateError) return error.code;
    throw error;
  }
}
