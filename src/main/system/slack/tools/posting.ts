import { z } from 'zod'
import { isRefusal } from '../slack-client.ts'
import { messageText, textOf } from './message-text.ts'
import { ChannelId, slackTool, Timestamp } from './tool.ts'

/** Slack recommends 4,000 characters for a message, and cuts what is longer than 40,000. */
const MAX_TEXT = 12_000
const MAX_POSTED = 40_000
/** `chat.update` refuses more. */
const MAX_UPDATED = 4_000

const Posted = z.object({ channel: z.string(), ts: z.string() })
const PostedMessage = z.object({
  channel: z.string().describe('ID of the channel'),
  ts: z.string().describe('Timestamp that identifies the message'),
})

/** Threat: Slack asks for every address in a message to show what is there, and tells it so what the agent knows. */
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false }

export const postMessage = slackTool({
  name: 'post_message',
  title: 'Post a message',
  description:
    'Posts a message to a channel of Slack, or answers in a thread. The app has to be in the channel. Links are not unfurled.',
  input: z.strictObject({
    channel: ChannelId,
    ...messageText(MAX_TEXT),
    thread_ts: Timestamp.optional().describe('Timestamp of the message to answer in its thread'),
    reply_broadcast: z.boolean().default(false).describe('Shows an answer in a thread in the channel as well'),
  }),
  output: PostedMessage,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: (client, { channel, thread_ts, reply_broadcast, ...message }) => {
    const thread = thread_ts === undefined ? {} : { thread_ts, reply_broadcast }
    const text = textOf(message, MAX_POSTED)
    return client.call('chat.postMessage', { channel, text, ...thread, ...NO_UNFURLING }, Posted)
  },
})

export const updateMessage = slackTool({
  name: 'update_message',
  title: 'Change a message',
  description: 'Puts another text in the place of a message that this connection posted before.',
  input: z.strictObject({ channel: ChannelId, ts: Timestamp, ...messageText(MAX_UPDATED) }),
  output: PostedMessage,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: (client, { channel, ts, ...message }) =>
    client.call('chat.update', { channel, ts, text: textOf(message, MAX_UPDATED) }, Posted),
})

export const addReaction = slackTool({
  name: 'add_reaction',
  title: 'Add a reaction',
  description: 'Reacts to a message with an emoji.',
  input: z.strictObject({
    channel: ChannelId,
    ts: Timestamp,
    name: z
      .string()
      .trim()
      .transform((name) => name.replaceAll(/^:|:$/g, ''))
      .pipe(z.string().regex(/^[^\s:]{1,100}(::skin-tone-[2-6])?$/u, 'Give the name of an emoji, such as thumbsup.'))
      .describe('Name of the emoji, such as thumbsup'),
  }),
  output: z.object({ added: z.boolean().describe('False: it was there already') }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (client, { channel, ts, name }) => {
    try {
      await client.call('reactions.add', { channel, timestamp: ts, name }, z.object({}))
      return { added: true }
    } catch (error) {
      if (isRefusal(error, 'already_reacted')) return { added: false }
      throw error
    }
  },
})
