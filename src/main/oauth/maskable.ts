/** `host.example` and what may follow it. Tokens have capitals or no letters alone behind their last dot. */
const HOST = /^([a-z0-9-]+\.)+[a-z]{2,24}([:/]\S*)?$/

/**
 * Whether a secret that a server chose may be masked wherever it is found. Threat: a "token" that is an address or a word of
 * the protocol would make exports, logs and the call log of everything else unreadable.
 */
export function isMaskable(secret: string): boolean {
  const isRandom = secret.length >= 24 || /\d/.test(secret)
  return isRandom && !URL.canParse(secret) && !HOST.test(secret)
}
