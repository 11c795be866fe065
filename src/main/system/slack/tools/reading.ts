import { z } from 'zod'
import { ChannelId, Cursor, NextCursor, PageEnd, slackTool, Timestamp } from './tool.ts'

/** Of one message; an answer has at most a hundred. */
const MAX_TEXT = 4000
const MAX_LISTED = 20

const RawFile = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  permalink: z.string().nullish(),
})
const RawMessage = z.object({
  ts: z.string(),
  text: z.string().optional(),
  user: z.string().optional(),
  username: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  thread_ts: z.string().optional(),
  reply_count: z.number().optional(),
  edited: z.object({ ts: z.string() }).optional().catch(undefined),
  reactions: z
    .array(z.object({ name: z.string(), count: z.number() }))
    .catch([])
    .default([]),
  files: z.array(RawFile).catch([]).default([]),
  attachments: z
    .array(z.object({ fallback: z.string().optional(), text: z.string().optional(), title: z.string().optional() }))
    .catch([])
    .default([]),
})
const RawPage = z.object({ messages: z.array(RawMessage), has_more: z.boolean().default(false), ...PageEnd })

const Message = z.object({
  ts: z.string().describe('Timestamp that identifies the message'),
  user: z.string().nullable().describe('ID of who wrote it; null: no user'),
  bot_id: z.string().nullable(),
  username: z.string().nullable().describe('Name under which an app posted'),
  text: z.string(),
  is_cut: z.boolean().describe('The text is longer'),
  subtype: z.string().nullable().describe('What kind of event it is, where it is no ordinary message'),
  thread_ts: z.string().nullable().describe('Timestamp of the message that its thread belongs to'),
  reply_count: z.number().describe('Answers in its thread (read_thread tells them)'),
  is_edited: z.boolean(),
  reactions: z.array(z.object({ name: z.string(), count: z.number() })),
  files: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable(),
      mimetype: z.string().nullable(),
      size: z.number().nullable(),
      permalink: z.string().nullable(),
    }),
  ),
})

const MARKUP =
  "Texts are other people's words, in Slack's mrkdwn: <@U…> mentions a user, <#C…> a channel, and &amp;, &lt; and &gt; stand for &, < and >."
const Limit = z.int().min(1).max(100).default(20).describe('Most messages to give, 1 to 100')
const Pages = {
  messages: z.array(Message),
  has_more: z.boolean(),
  next_cursor: NextCursor,
}
const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }

export const readChannelHistory = slackTool({
  name: 'read_channel_history',
  title: 'Read a channel',
  description: `Messages of a channel, newest first, without the answers in threads. ${MARKUP}`,
  input: z.strictObject({
    channel: ChannelId,
    oldest: Timestamp.optional().describe('Only messages after this timestamp'),
    latest: Timestamp.optional().describe('Only messages before this timestamp'),
    inclusive: z.boolean().default(false).describe('Also those at the two timestamps themselves'),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.object(Pages),
  annotations: READ_ONLY,
  run: async (client, args) => pageOf(await client.call('conversations.history', args, RawPage)),
})

export const readThread = slackTool({
  name: 'read_thread',
  title: 'Read a thread',
  description: `A message and the answers in its thread, oldest first. ${MARKUP}`,
  input: z.strictObject({
    channel: ChannelId,
    thread_ts: Timestamp.describe('Timestamp of the message that the thread belongs to'),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.object(Pages),
  annotations: READ_ONLY,
  run: async (client, { thread_ts, ...args }) =>
    pageOf(await client.call('conversations.replies', { ...args, ts: thread_ts }, RawPage)),
})

function pageOf({ messages, has_more, response_metadata }: z.output<typeof RawPage>) {
  return { messages: messages.map(messageOf), has_more, next_cursor: response_metadata }
}

function messageOf(raw: z.output<typeof RawMessage>): z.input<typeof Message> {
  const text = wholeText(raw)
  return {
    ts: raw.ts,
    user: raw.user ?? null,
    bot_id: raw.bot_id ?? null,
    username: raw.username ?? null,
    text: text.slice(0, MAX_TEXT),
    is_cut: text.length > MAX_TEXT,
    subtype: raw.subtype ?? null,
    thread_ts: raw.thread_ts ?? null,
    reply_count: raw.reply_count ?? 0,
    is_edited: raw.edited !== undefined,
    reactions: raw.reactions.slice(0, MAX_LISTED),
    files: raw.files.slice(0, MAX_LISTED).map(({ id, name, mimetype, size, permalink }) => ({
      id,
      name: name ?? null,
      mimetype: mimetype ?? null,
      size: size ?? null,
      permalink: permalink ?? null,
    })),
  }
}

/** Apps often say all in attachments and nothing in the text. */
function wholeText({ text = '', attachments }: z.output<typeof RawMessage>): string {
  const attached = attachments.map((attachment) => attachment.text ?? attachment.fallback ?? attachment.title ?? '')
  return [text, ...attached].filter((part) => part !== '').join('\n')
}
