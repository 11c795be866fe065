import {
  channelOf,
  flagArg,
  neededArg,
  page,
  Refusal,
  textArg,
  type Arguments,
  type Call,
  type Method,
} from './answer.ts'
import type { FakeChannel, FakeMessage } from './workspace.ts'

const authTest: Method = {
  scopes: [],
  run({ workspace: { team, users }, token, origin }) {
    const user = users.get(token.user)?.name ?? ''
    const bot = token.bot_id === undefined ? {} : { bot_id: token.bot_id }
    return { url: `${origin}/`, team: team.name, team_id: team.id, user, user_id: token.user, ...bot }
  },
}

const listConversations: Method = {
  scopes: (args) => typesOf(args).map((type) => [type === 'private_channel' ? 'groups:read' : 'channels:read']),
  run({ workspace, token, args }) {
    const types = typesOf(args)
    const visible = [...workspace.channels.values()].filter(
      ({ is_private, members }) =>
        types.includes(is_private ? 'private_channel' : 'public_channel') && (!is_private || members.has(token.user)),
    )
    const { items, next } = page(visible, args, { most: 999, usual: 100 })
    // Only now: a page may be short, or empty, and not be the last.
    const shown = flagArg(args, 'exclude_archived') ? items.filter(({ is_archived }) => !is_archived) : items
    return {
      channels: shown.map((channel) => shownChannel(channel, token.user)),
      response_metadata: { next_cursor: next },
    }
  },
}

const history: Method = {
  scopes: ['channels:history', 'groups:history'],
  run(call) {
    const { messages } = readable(call)
    const { oldest = '', latest = '' } = { oldest: textArg(call.args, 'oldest'), latest: textArg(call.args, 'latest') }
    const inclusive = flagArg(call.args, 'inclusive')
    const isIn = ({ ts }: FakeMessage) =>
      (oldest === '' || ts > oldest || (inclusive && ts === oldest)) &&
      (latest === '' || ts < latest || (inclusive && ts === latest))
    const top = messages.filter((each) => each.thread_ts === undefined || each.subtype === 'thread_broadcast')
    const found = top.filter(isIn).reverse()
    return messagePage(found, messages, call.args)
  },
}

const replies: Method = {
  scopes: ['channels:history', 'groups:history'],
  run(call) {
    const { messages } = readable(call)
    const parent = neededArg(call.args, 'ts')
    if (!messages.some(({ ts }) => ts === parent)) throw new Refusal('thread_not_found')
    const found = messages.filter(({ ts, thread_ts }) => ts === parent || thread_ts === parent)
    return messagePage(found, messages, call.args)
  },
}

const listUsers: Method = {
  scopes: ['users:read'],
  run({ workspace, token, args }) {
    const { items, next } = page([...workspace.users.values()], args, { most: 1000, usual: 1000 })
    const seesEmail = token.scopes.includes('users:read.email')
    const members = items.map(({ email, is_bot = false, deleted = false, ...user }) => ({
      ...user,
      is_bot,
      deleted,
      tz: 'Europe/London',
      profile: { real_name: user.real_name, display_name: user.name, title: '', ...(seesEmail && { email }) },
    }))
    return { members, response_metadata: { next_cursor: next } }
  },
}

export const readingMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'conversations.list': listConversations,
  'conversations.history': history,
  'conversations.replies': replies,
  'users.list': listUsers,
}

const TYPES = ['public_channel', 'private_channel', 'mpim', 'im']

function typesOf(args: Arguments): string[] {
  const types = (textArg(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim())
  if (types.some((type) => !TYPES.includes(type))) throw new Refusal('invalid_types')
  return types
}

/** History is for members. */
function readable(call: Call): FakeChannel {
  const channel = channelOf(call)
  if (!channel.members.has(call.token.user) && call.token.kind === 'bot') throw new Refusal('not_in_channel')
  return channel
}

function messagePage(found: readonly FakeMessage[], all: readonly FakeMessage[], args: Arguments) {
  const { items, next } = page(found, args, { most: 999, usual: 100 })
  return {
    messages: items.map((message) => ({ type: 'message', ...message, ...threadFacts(message, all) })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  }
}

function threadFacts({ ts, thread_ts }: FakeMessage, all: readonly FakeMessage[]) {
  const count = all.filter((each) => each.thread_ts === ts).length
  return count > 0 && thread_ts === undefined ? { thread_ts: ts, reply_count: count } : {}
}

function shownChannel({ messages: _messages, members, refuses: _refuses, ...channel }: FakeChannel, user: string) {
  const described = { value: `About ${channel.name}`, creator: '', last_set: 0 }
  return {
    ...channel,
    is_channel: !channel.is_private,
    is_member: members.has(user),
    num_members: members.size,
    topic: described,
    purpose: { ...described, value: '' },
  }
}
