import type { ClientContext, ClientLink } from '@orpc/client'

/** The way to the core, whichever it is. Only this folder knows whether we run in the window or in a browser. */
export type ConsoleLink = ClientLink<ClientContext>

/** Says which workspace a call is about (contract.md, "Admin API"); both doors read it. */
export const WORKSPACE_HEADER = 'gatehouse-workspace'

/** The browser's session ended or never began: a fresh link is needed. Never thrown in the window. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError'
}

/** The core did not answer in the time that this kind of call is given, or the way to it closed. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}
