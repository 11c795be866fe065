import { randomBytes } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import { FORMER_SECRET, type ChannelSecrets } from './channel-secrets.ts'

const SECRET_BYTES = 32

/** A new signing secret, and all secrets of the channel with it; the one before signs for another day. Throws `invalid_input` for another kind. */
export function rotated(
  secrets: Pick<ChannelSecrets, 'readAll' | 'former'>,
  channel: StoredChannel,
): { secret: string; fields: Map<string, string> } {
  if (channel.settings.kind !== 'webhook') {
    throw new AppError('invalid_input', { message: 'Only a webhook has a signing secret.' })
  }
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
  const fields = secrets.readAll(channel)
  const before = fields.get('signing_secret')
  if (before !== undefined) fields.set(FORMER_SECRET, secrets.former(before))
  fields.set('signing_secret', secret)
  return { secret, fields }
}
