import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/** What is signed: an id that is the same in every attempt, when this attempt was made, and the body as it is sent. */
export interface Signed {
  id: string
  timestampS: number
  body: string
}

/** `webhook-signature` of Standard Webhooks: one signature for each secret, so that a secret can be replaced without a gap. */
export function webhookSignature({ id, timestampS, body }: Signed, secrets: readonly string[]): string {
  const content = `${id}.${timestampS}.${body}`
  const sign = (secret: string) => createHmac('sha256', keyOf(secret)).update(content).digest('base64')
  return secrets.map((secret) => `v1,${sign(secret)}`).join(' ')
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64')
}
