/** Lists the invariants that every possible call must meet. A new invariant is one file and one line here. */
import { accountsApart } from "./accounts-apart.ts";
import { applicationsApart } from "./applications-apart.ts";
import { assetsStay } from "./assets-stay.ts";
import { boundaryHolds } from "./boundary-holds.ts";
import { capabilitiesHeld } from "./capabilities-held.ts";
import { deployersInBounds } from "./deployers-in-bounds.ts";
import { estateByTwo } from "./estate-by-two.ts";
import { exactCalls } from "./exact-calls.ts";
import type { Invariant } from "./invariant.ts";
import { noForeignPrincipals } from "./no-foreign-principals.ts";
import { ownNamesOnly } from "./own-names.ts";
import { passedAsMeant } from "./passed-as-meant.ts";
import { peopleDecide } from "./people-decide.ts";
import { plansOnlyRead } from "./plans-only-read.ts";
import { recordsStay } from "./records-stay.ts";
import { secretsRead } from "./secrets-read.ts";
import { servicesForUs } from "./services-for-us.ts";
import { tenantsApart } from "./tenants-apart.ts";
import { tlsOnly } from "./tls-only.ts";
import { versionsStay } from "./versions-stay.ts";

export const invariants: readonly Invariant[] = [
  noForeignPrincipals,
  tenantsApart,
  accountsApart,
  applicationsApart,
  peopleDecide,
  capabilitiesHeld,
  boundaryHolds,
  deployersInBounds,
  passedAsMeant,
  servicesForUs,
  versionsStay,
  assetsStay,
  estateByTwo,
  secretsRead,
  recordsStay,
  ownNamesOnly,
  plansOnlyRead,
  tlsOnly,
  exactCalls,
];
