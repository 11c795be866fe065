import type { Integration } from '../../shared/contract/integrations.ts'
import type { AuthorizationStart } from '../../shared/contract/oauth.ts'
import { AppError } from '../base/app-error.ts'
import type { Client } from './running-gateway.ts'

/** The gateway gives a sign-in up by itself; it is given a little longer to say so. */
const GRACE_MS = 5_000
/** When the browser is back, a code is exchanged for a token: the longest that this takes. */
const EXCHANGE_MS = 30_000
/** To say that nobody waits any more, while the command ends. */
const CANCEL_MS = 2_000

type Status = Integration['oauth']

/**
 * Begins a sign-in, hands on where it goes, and waits until it is over. Rejects with AppError `authorization_required`
 * when it came to nothing. A command that is stopped gives the sign-in up.
 */
export async function waitForSignIn(
  client: Client,
  signal: AbortSignal,
  name: string,
  tell: (start: AuthorizationStart) => void,
): Promise<Integration> {
  const done = new AbortController()
  const watching = AbortSignal.any([signal, done.signal])
  // Before it begins, so that no change is missed.
  const events = await client.system.stream(undefined, { signal: watching })
  try {
    const before = (await client.integrations.get({ name }, { signal })).oauth
    const start = await client.integrations.authorize({ name, open: false }, { signal })
    tell(start)
    let integration = await client.integrations.get({ name }, { signal })
    if (start.authorization_url === null) return integration
    const { oauth: begun } = integration
    let limit = setTimeout(() => done.abort(), timeLeft(start) + GRACE_MS)
    let isBack = false
    try {
      while (!isSettled(integration.oauth, before, begun)) {
        if (!isBack && !integration.oauth?.waiting) {
          isBack = true
          clearTimeout(limit)
          limit = setTimeout(() => done.abort(), EXCHANGE_MS)
        }
        const next = await events.next()
        if (next.done === true) break
        const event = next.value
        if (event.type === 'integration_changed' && event.integration.name === name) integration = event.integration
        else if (event.type === 'integration_removed' && event.name === name) break
        else if (event.type === 'resync') integration = await client.integrations.get({ name }, { signal })
      }
    } finally {
      clearTimeout(limit)
    }
    return signedIn(integration, before)
  } catch (error) {
    if (signal.aborted) await giveUp(client, name)
    throw done.signal.aborted && !signal.aborted ? tooLate() : error
  } finally {
    done.abort()
    await events.return().catch(() => undefined)
  }
}

function timeLeft({ expires_at: expiresAt }: AuthorizationStart): number {
  return expiresAt === null ? 0 : Math.max(0, Date.parse(expiresAt) - Date.now())
}

/** Whether it is known what came of it. That nobody waits any more is also so while the code is exchanged. */
function isSettled(now: Status, before: Status, begun: Status): boolean {
  if (now === null) return true
  if (now.waiting !== null) return false
  return isSignedIn(now, before) || (now.problem !== null && now.problem.message !== begun?.problem?.message)
}

/** By another sign-in than the one before, which may still hold. */
function isSignedIn(now: Status, before: Status): boolean {
  return now?.state === 'signed_in' && now.signed_in_at !== before?.signed_in_at
}

function signedIn(integration: Integration, before: Status): Integration {
  const { oauth } = integration
  if (isSignedIn(oauth, before)) return integration
  const message = oauth?.problem?.message ?? 'The sign-in was given up.'
  throw new AppError('authorization_required', { message, integration: integration.name })
}

function tooLate(): AppError {
  return new AppError('authorization_required', { message: 'Nobody signed in in time. Start the sign-in again.' })
}

async function giveUp(client: Client, name: string): Promise<void> {
  await client.integrations
    .cancel_authorization({ name }, { signal: AbortSignal.timeout(CANCEL_MS) })
    .catch(() => undefined)
}
