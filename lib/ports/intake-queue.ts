/** The port to the intake queue of the central account, where uploads and reconcile requests arrive. */

export type IntakeQueue = { readonly send: (bodies: readonly string[]) => Promise<void> };
