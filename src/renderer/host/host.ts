import type { ClientContext, ClientLink } from '@orpc/client'

/** The way to the core, whichever it is. Only this folder knows whether we run in the window or in a browser. */
export type ConsoleLink = ClientLink<ClientContext>

/** The browser's session ended or never began: a fresh link is needed. Never thrown in the window. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError'
}

/** The core did not answer in the time that this kind of call is given, or the way to it closed. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}
