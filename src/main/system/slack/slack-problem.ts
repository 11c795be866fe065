import { AppError } from '../../base/app-error.ts'

/**
 * How a failure counts for whoever wanted something sent: it may pass, the same would be refused again, or nothing gets
 * through until somebody mends it.
 */
export type Consequence = 'retry' | 'rejected' | 'broken'

interface SlackProblemOptions {
  consequence: Consequence
  /** What somebody can do about it. */
  fix?: string | undefined
  retryAfterMs?: number | undefined
  /** Scopes that the call needs and the token lacks. */
  needed?: string[]
}

/** What Slack said no to, by Slack's own name for it, in our words. */
export class SlackProblem extends Error {
  override readonly name = 'SlackProblem'
  readonly code: string
  readonly consequence: Consequence
  readonly fix: string | undefined
  readonly retryAfterMs: number | undefined
  readonly needed: readonly string[]

  constructor(
    code: string,
    message: string,
    { consequence, fix, retryAfterMs, needed = [] }: SlackProblemOptions,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.consequence = consequence
    this.fix = fix
    this.retryAfterMs = retryAfterMs
    this.needed = needed
  }

  /** What happened and what to do, as one text. */
  get sentences(): string {
    return this.fix === undefined ? this.message : `${this.message} ${this.fix}`
  }

  /** For a door. */
  asAppError(): AppError {
    const code = this.code === 'ratelimited' ? 'rate_limited' : 'upstream_unavailable'
    return new AppError(code, { message: this.sentences, integration: 'slack', cause: this })
  }
}

/** `ok: false` of the Web API. `details` is the rest of the answer. */
export function refusal(
  error: string,
  method: string,
  details: { needed?: unknown; provided?: unknown; messages?: readonly string[]; retryAfterMs?: number | undefined },
): SlackProblem {
  if (error === 'missing_scope') return missingScope(method, details)
  const [consequence, message, fix] = EXPLANATIONS[error] ?? unknown(error, method, details.messages ?? [])
  return new SlackProblem(error, message, { consequence, fix, retryAfterMs: details.retryAfterMs })
}

/** HTTP 429. Without a `Retry-After` the one who tries again decides. */
export function rateLimited(retryAfterMs: number | undefined): SlackProblem {
  const message = 'Slack gets too many requests from this app.'
  const when = retryAfterMs === undefined ? 'in a moment' : `in ${Math.ceil(retryAfterMs / 1000)} s`
  return new SlackProblem('ratelimited', message, { consequence: 'retry', fix: `Try again ${when}.`, retryAfterMs })
}

/** Anything but 200 and 429, which are all that the Web API answers with. */
export function httpProblem(status: number, retryAfterMs: number | undefined): SlackProblem {
  if (status >= 500) {
    const message = `Slack has a problem of its own: it answered ${status}.`
    return new SlackProblem(`http_${status}`, message, { consequence: 'retry', fix: 'Try again later.', retryAfterMs })
  }
  const message = `The address answered ${status}, which Slack's API does not.`
  return new SlackProblem(`http_${status}`, message, {
    consequence: 'broken',
    fix: 'Check the API address in its setup.',
  })
}

/** An answer that is none of Slack's: of a proxy's sign-in page, or cut off. */
export function notSlack(what: string): SlackProblem {
  return new SlackProblem('invalid_answer', `The address did not answer as Slack does: ${what}.`, {
    consequence: 'retry',
    fix: 'Try again later. If it stays so, check the API address, and whether a proxy stands between.',
  })
}

function missingScope(method: string, { needed, provided }: { needed?: unknown; provided?: unknown }): SlackProblem {
  const scopes = scopesOf(needed)
  const named = scopes.length === 0 ? 'a scope' : `the scope ${scopes.map(quoted).join(' or ')}`
  const has = scopesOf(provided)
  const hasText = has.length === 0 ? '' : ` It has ${has.join(', ')}.`
  return new SlackProblem('missing_scope', `The token lacks ${named}, which ${method} needs.${hasText}`, {
    consequence: 'broken',
    fix: 'Add it to the app under OAuth & Permissions, install the app again, and set Slack up again.',
    needed: scopes,
  })
}

/** Slack separates them by commas. Only words that are scopes get into our sentences. */
function scopesOf(value: unknown): string[] {
  if (typeof value !== 'string') return []
  return value
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => /^[a-z][\w.:-]{1,63}$/.test(scope))
    .slice(0, 50)
}

function quoted(scope: string): string {
  return `"${scope}"`
}

type Explanation = readonly [consequence: Consequence, message: string, fix?: string]

const SET_UP_AGAIN = 'Set Slack up again with a valid token.'
const ASK_ADMIN = 'Ask an admin of the Slack workspace.'
const TRY_LATER = 'Try again later.'

const NOT_FROM_HERE: Explanation = ['broken', 'Slack does not let this app do that.', ASK_ADMIN]
const SLACKS_OWN: Explanation = ['retry', 'Slack has a problem of its own.', TRY_LATER]
const NO_CHANNEL: Explanation = [
  'broken',
  'Slack knows no such channel, or it is a private one that the app is not in.',
  'Choose the channel again, or invite the app to it.',
]
const NO_TOKEN: Explanation = ['broken', 'Slack does not accept the token.', SET_UP_AGAIN]
const TOO_LONG: Explanation = ['rejected', 'The message is too long for Slack.', 'Send less.']
const NO_MESSAGE: Explanation = ['rejected', 'There is no such message in the channel. It may have been deleted.']
const NOT_CHANGEABLE: Explanation = ['rejected', 'Slack does not let this message be changed.']
const UNFIT: Explanation = ['rejected', 'Slack does not accept the message as it is.']
const TOO_MANY: Explanation = ['retry', 'Slack gets too many requests from this app.', 'Try again in a moment.']

/** Names of https://docs.slack.dev/reference/methods. */
const EXPLANATIONS: Readonly<Record<string, Explanation | undefined>> = {
  invalid_auth: NO_TOKEN,
  not_authed: NO_TOKEN,
  token_revoked: ['broken', 'The token was revoked in Slack.', SET_UP_AGAIN],
  token_expired: ['retry', 'The token has ended.', 'Sign in again, or set Slack up with a new token.'],
  account_inactive: [
    'broken',
    'The app was removed from the Slack workspace, or its account was closed.',
    'Install the app again, and set Slack up with its new token.',
  ],
  not_allowed_token_type: ['broken', 'Slack does not let this kind of token do that.', SET_UP_AGAIN],
  team_access_not_granted: ['broken', 'The token is not for this Slack workspace.', SET_UP_AGAIN],
  org_login_required: ['retry', 'The Slack workspace is being moved.', TRY_LATER],
  team_added_to_org: ['retry', 'The Slack workspace is being moved.', TRY_LATER],
  two_factor_setup_required: ['broken', 'Slack asks for two-factor authentication first.', 'Set it up in Slack.'],
  access_denied: NOT_FROM_HERE,
  accesslimited: NOT_FROM_HERE,
  no_permission: NOT_FROM_HERE,
  ekm_access_denied: NOT_FROM_HERE,
  enterprise_is_restricted: NOT_FROM_HERE,
  user_is_restricted: NOT_FROM_HERE,
  restricted_action: ['broken', 'A setting of the Slack workspace does not let the app post there.', ASK_ADMIN],
  restricted_action_read_only_channel: ['broken', 'The channel is read-only for the app.', ASK_ADMIN],
  restricted_action_thread_only_channel: ['broken', 'The channel takes answers in threads only.', ASK_ADMIN],
  restricted_action_non_threadable_channel: ['rejected', 'The channel takes no threads.'],
  restricted_action_thread_locked: ['rejected', 'The thread is locked.'],
  channel_not_found: NO_CHANNEL,
  not_in_channel: [
    'broken',
    'The app is not in the channel.',
    'Invite the app: write /invite and its name in the channel.',
  ],
  is_archived: ['broken', 'The channel is archived.', 'Choose another one, or bring it back in Slack.'],
  method_not_supported_for_channel_type: ['rejected', 'Slack does not do this with that kind of channel.'],
  message_not_found: NO_MESSAGE,
  bad_timestamp: NO_MESSAGE,
  cannot_reply_to_message: ['rejected', 'Slack takes no answers to this message.'],
  thread_not_found: ['rejected', 'There is no such thread in the channel.'],
  cant_update_message: NOT_CHANGEABLE,
  edit_window_closed: NOT_CHANGEABLE,
  update_failed: SLACKS_OWN,
  msg_too_long: TOO_LONG,
  msg_blocks_too_long: TOO_LONG,
  too_many_attachments: TOO_LONG,
  no_text: ['rejected', 'The message has no text.'],
  invalid_blocks: UNFIT,
  invalid_blocks_format: UNFIT,
  invalid_attachments: UNFIT,
  invalid_arguments: UNFIT,
  invalid_cursor: [
    'rejected',
    'The cursor is not one that Slack gave, or it has expired.',
    'Begin with the first page.',
  ],
  invalid_name: ['rejected', 'There is no emoji with this name.', 'Use its name without colons, such as thumbsup.'],
  too_many_emoji: ['rejected', 'The message has too many reactions.'],
  too_many_reactions: ['rejected', 'The app has reacted to the message too often.'],
  user_not_found: ['rejected', 'Slack knows no such user.'],
  file_upload_size_restricted: ['rejected', 'The Slack workspace does not take files of this size.'],
  file_uploads_disabled: ['rejected', 'The Slack workspace takes no files.', ASK_ADMIN],
  file_uploads_except_images_disabled: ['rejected', 'The Slack workspace takes images only.', ASK_ADMIN],
  storage_limit_reached: ['rejected', 'The Slack workspace has no room for more files.', ASK_ADMIN],
  ratelimited: TOO_MANY,
  rate_limited: TOO_MANY,
  message_limit_exceeded: ['retry', 'The Slack workspace has used up its messages.', ASK_ADMIN],
  internal_error: SLACKS_OWN,
  fatal_error: SLACKS_OWN,
  service_unavailable: SLACKS_OWN,
  request_timeout: SLACKS_OWN,
}

/** `messages` say which argument is wrong, and in what way. */
function unknown(error: string, method: string, messages: readonly string[]): Explanation {
  const name = /^[\w.:-]{1,64}$/.test(error) ? error : 'an error without a name'
  const said = messages.length === 0 ? '' : ` It says: ${messages.join(' ').slice(0, 300)}`
  return ['rejected', `Slack refused ${method}: ${name}.${said}`]
}
