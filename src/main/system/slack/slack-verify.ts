import { z } from 'zod'
import type { SetupCheck } from '../../../shared/contract/setup.ts'
import { AppError } from '../../base/app-error.ts'
import { messageOf } from '../../base/message-of.ts'
import { oneLine } from '../../notifications/messages/text.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { SlackClient } from './slack-client.ts'
import { SlackProblem } from './slack-problem.ts'
import { neededScopes, type SlackWay, wayOf } from './slack-scopes.ts'

const MAX_NAME = 100
const Identity = z.object({
  team: z.string(),
  user: z.string(),
  /** Only with the token of a bot. */
  bot_id: z.string().optional(),
})

/** Who we are in Slack, whether the token is of the kind that the way is for, and what it may do. */
export async function* verifySlack(access: SystemAccess, signal: AbortSignal): AsyncGenerator<SetupCheck> {
  const way = wayOf(access)
  const field = way === 'app' ? 'credentials.bot_token' : null
  const token = { id: 'token', label: 'Token', field }
  yield check(token, 'running', 'Asking Slack who this token is of.')

  const client = new SlackClient(access, signal)
  let identity: z.output<typeof Identity>
  try {
    identity = await client.call('auth.test', {}, Identity)
  } catch (error) {
    signal.throwIfAborted()
    yield notSignedIn(way, error) ? signInNext(token) : failed(token, error)
    return
  }
  const who = `${oneLine(identity.user, MAX_NAME)} in ${oneLine(identity.team, MAX_NAME)}`
  yield check(token, 'ok', `Slack knows it: ${who}.`)

  yield* kindChecks(access, way, identity.bot_id !== undefined, field)
  yield* scopeChecks(way, client.scopes)
}

async function* kindChecks(
  access: SystemAccess,
  way: SlackWay,
  isBot: boolean,
  field: string | null,
): AsyncGenerator<SetupCheck> {
  const kind = { id: 'kind', label: 'Kind of token', field }
  if (way === 'app' && !isBot) {
    const message = 'This is the token of a person. Everything would be done in their name.'
    yield check(kind, 'failed', message, 'Paste the Bot User OAuth Token of the app, which begins with xoxb-.')
    return
  }
  if (way === 'user' && isBot) {
    const message = 'This is the token of an app, and not of a person.'
    yield check(kind, 'failed', message, 'Sign out, and sign in again. Or connect Slack as an app.')
    return
  }
  // A pasted token that rotates ends after twelve hours, and nobody here can renew it.
  if (way === 'app' && (await access.authorization())?.startsWith('Bearer xoxe.') === true) {
    const message = 'The app has token rotation turned on: this token ends within 12 hours.'
    yield check(kind, 'warning', message, 'Create the app anew from the manifest above, which leaves rotation off.')
    return
  }
  yield check(kind, 'ok', way === 'app' ? 'It is the token of an app.' : 'It is your own token.')
}

function* scopeChecks(way: SlackWay, has: readonly string[] | undefined): Generator<SetupCheck> {
  const all = { id: 'scopes', label: 'Scopes', field: null }
  if (has === undefined) {
    yield check(all, 'warning', 'Slack did not say what the token may do.', 'Try the tools and the channel.')
    return
  }
  const needed = neededScopes(way)
  const missing = needed.filter(({ scope }) => !has.includes(scope))
  if (missing.length === 0) yield check(all, 'ok', `It has all ${needed.length} scopes that Gatehouse uses.`)
  for (const { scope, without } of missing) {
    const lacking = { id: `scope:${scope}`, label: `Scope ${scope}`, field: null }
    yield check(lacking, 'warning', `The token lacks ${scope}. ${without}`, fixOf(way, scope))
  }
}

function fixOf(way: SlackWay, scope: string): string {
  const added = `Add ${scope} to the ${way === 'app' ? 'bot' : 'user'} token scopes under OAuth & Permissions`
  return way === 'app' ? `${added}, and install the app again.` : `${added}, and sign in again.`
}

function notSignedIn(way: SlackWay, error: unknown): boolean {
  return way === 'user' && error instanceof AppError && error.code === 'authorization_required'
}

/** The settings are right as far as anybody can tell before. */
function signInNext(facts: Facts): SetupCheck {
  return check(facts, 'warning', 'Nobody has signed in to Slack yet.', 'Sign in to Slack.')
}

function failed(facts: Facts, error: unknown): SetupCheck {
  if (error instanceof SlackProblem) return check(facts, 'failed', error.message, error.fix)
  const isOfToken = error instanceof AppError && error.code === 'authorization_required'
  return check(isOfToken ? facts : { ...facts, field: null }, 'failed', messageOf(error))
}

type Facts = Pick<SetupCheck, 'id' | 'label' | 'field'>

function check(facts: Facts, state: SetupCheck['state'], message: string, fix: string | null = null): SetupCheck {
  return { ...facts, state, message, fix }
}
