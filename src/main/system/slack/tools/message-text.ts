import { z } from 'zod'
import { escaped, mention } from '../slack-text.ts'

/** Slack recommends 4,000, and cuts what is longer than 40,000. */
const MAX_TEXT = 12_000
const MAX_MENTIONS = 20

/** What an agent writes. It may call single people, one by one and by id, and never a whole channel. */
export const MessageText = {
  text: z
    .string()
    .min(1, 'Write something.')
    .max(MAX_TEXT, `Use at most ${MAX_TEXT.toLocaleString('en')} characters.`)
    .describe(
      "Text in Slack's mrkdwn: *bold*, _italic_, ~struck~, `code`, > quote. Mentions, links with a title and other commands in <…> are shown as they are written; use mention_users to mention people",
    ),
  mention_users: z
    .array(
      z
        .string()
        .regex(/^[UW][A-Z0-9]{2,20}$/, 'Give the ID of a user, such as U024BE7LH; search_users tells it.')
        .describe('ID of a user, such as U024BE7LH'),
    )
    .max(MAX_MENTIONS, `Mention at most ${MAX_MENTIONS} people.`)
    .default([])
    .describe('Users to mention at the beginning of the message (search_users tells their IDs)'),
}

export function textOf({ text, mention_users }: { text: string; mention_users: readonly string[] }): string {
  return [...mention_users.map(mention), escaped(text)].join(' ')
}
