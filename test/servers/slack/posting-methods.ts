import { channelOf, flagArg, listArg, neededArg, Refusal, textArg, type Call, type Method } from './answer.ts'
import { checkMessage, checkUpdate, MAX_POSTED } from './message-limits.ts'
import type { FakeChannel, FakeMessage } from './workspace.ts'

const EMOJI = new Set(['thumbsup', 'eyes', 'white_check_mark', 'tada'])

const postMessage: Method = {
  scopes: ['chat:write'],
  takesJson: true,
  run(call) {
    const { workspace, token, args } = call
    const channel = channelOf(call)
    const content = contentOf(call)
    checkMessage(content)
    mayPost(channel, call)
    const threadTs = textArg(args, 'thread_ts')
    if (threadTs !== undefined && !channel.messages.some(({ ts }) => ts === threadTs)) {
      throw new Refusal('thread_not_found')
    }
    const isBroadcast = threadTs !== undefined && flagArg(args, 'reply_broadcast')
    const message: FakeMessage = {
      ts: workspace.nextTs(),
      user: token.user,
      ...(token.bot_id !== undefined && { bot_id: token.bot_id }),
      ...given(content),
      text: (content.text ?? '').slice(0, MAX_POSTED),
      ...(threadTs !== undefined && { thread_ts: threadTs }),
      ...(isBroadcast && { subtype: 'thread_broadcast' }),
      ...(args.unfurl_links !== undefined && { unfurl_links: flagArg(args, 'unfurl_links') }),
    }
    channel.messages.push(message)
    return { channel: channel.id, ts: message.ts, message: { type: 'message', ...message } }
  },
}

const update: Method = {
  scopes: ['chat:write'],
  takesJson: true,
  run(call) {
    const { workspace, token } = call
    const channel = channelOf(call)
    const message = messageIn(channel, neededArg(call.args, 'ts'))
    if (message.user !== token.user) throw new Refusal('cant_update_message')
    const content = contentOf(call)
    checkUpdate(content)
    if (channel.is_archived) throw new Refusal('is_archived')
    delete message.blocks
    delete message.attachments
    Object.assign(message, given(content), { edited: { user: token.user, ts: workspace.nextTs() } })
    return { channel: channel.id, ts: message.ts, text: message.text }
  },
}

const addReaction: Method = {
  scopes: ['reactions:write'],
  takesJson: true,
  run(call) {
    const { token, args } = call
    const channel = channelOf(call)
    const name = neededArg(args, 'name')
    const message = messageIn(channel, neededArg(args, 'timestamp'))
    if (!EMOJI.has(name)) throw new Refusal('invalid_name')
    message.reactions ??= []
    const reaction = message.reactions.find((each) => each.name === name)
    if (reaction?.users.includes(token.user) === true) throw new Refusal('already_reacted')
    if (reaction === undefined) message.reactions.push({ name, count: 1, users: [token.user] })
    else Object.assign(reaction, { count: reaction.count + 1, users: [...reaction.users, token.user] })
    return {}
  },
}

const getUploadUrl: Method = {
  scopes: ['files:write'],
  takesJson: true,
  run({ workspace, args, origin }) {
    const filename = neededArg(args, 'filename')
    const length = Number(neededArg(args, 'length'))
    const id = workspace.nextId('F')
    workspace.files.set(id, { id, filename, length })
    return { upload_url: `${origin}/upload/v1/${id}`, file_id: id }
  },
}

const completeUpload: Method = {
  scopes: ['files:write'],
  takesJson: true,
  run(call) {
    const { workspace, token, args } = call
    const wanted = (listArg(args, 'files') ?? []) as { id?: string; title?: string }[]
    const files = wanted.map(({ id = '', title }) => {
      const file = workspace.files.get(id)
      if (file?.content === undefined) throw new Refusal('file_not_found')
      return { id, name: file.filename, title: title ?? file.filename, permalink: `https://acme.slack.com/files/${id}` }
    })
    if (textArg(args, 'channel_id') !== undefined) {
      const channel = channelOf(call, 'channel_id')
      mayPost(channel, call)
      const threadTs = textArg(args, 'thread_ts')
      channel.messages.push({
        ts: workspace.nextTs(),
        user: token.user,
        text: textArg(args, 'initial_comment') ?? '',
        files,
        ...(threadTs !== undefined && { thread_ts: threadTs }),
      })
    }
    return { files }
  },
}

const join: Method = {
  scopes: ['channels:join', 'channels:write'],
  takesJson: true,
  run(call) {
    const channel = channelOf(call)
    if (channel.is_private) throw new Refusal('method_not_supported_for_channel_type')
    if (channel.is_archived) throw new Refusal('is_archived')
    channel.members.add(call.token.user)
    return { channel: { id: channel.id } }
  },
}

export const postingMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'reactions.add': addReaction,
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'conversations.join': join,
}

function mayPost(channel: FakeChannel, { token }: Call): void {
  if (channel.is_archived) throw new Refusal('is_archived')
  if (!channel.members.has(token.user)) throw new Refusal('not_in_channel')
  if (channel.refuses !== undefined) throw new Refusal(channel.refuses)
}

function messageIn(channel: FakeChannel, ts: string): FakeMessage {
  const message = channel.messages.find((each) => each.ts === ts)
  if (message === undefined) throw new Refusal('message_not_found')
  return message
}

function contentOf({ args }: Call) {
  return {
    text: textArg(args, 'text'),
    blocks: listArg(args, 'blocks'),
    attachments: listArg(args, 'attachments'),
  }
}

function given({ text = '', blocks, attachments }: ReturnType<typeof contentOf>) {
  return { text, ...(blocks && { blocks }), ...(attachments && { attachments }) }
}
