/** Reads from the environment how the anchor's stack pins the session names of people's roles. */
import { freeSessionName } from "#release/names/deployed-names.ts";
import type { PinnedRoles } from "#release/people/separate-people.ts";
import { environment } from "./environment.ts";

export function pinnedRoles(): PinnedRoles {
  const env = environment("CI_ROLE_ID", "CI_SESSION_NAME", "PEOPLE_SESSION_NAME");
  return {
    ciRoleId: env.CI_ROLE_ID,
    uploaders: env.CI_SESSION_NAME !== freeSessionName,
    people: env.PEOPLE_SESSION_NAME !== freeSessionName,
  };
}
