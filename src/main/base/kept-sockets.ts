/** For each client (undici) that keeps sockets to a server open between requests. */
export const KEPT_SOCKETS = {
  /** Every request has a limit elsewhere. */
  headersTimeout: 0,
  bodyTimeout: 0,
  /**
   * How long before a server does we close a socket that is not used, in milliseconds. It says when it will, mostly after 5 s
   * (`Keep-Alive: timeout=5`), and whether a request that crosses with that was taken nobody knows, so it is not sent again.
   * On a busy machine either side is late by seconds.
   */
  keepAliveTimeoutThreshold: 4_000,
} as const
