import { z } from 'zod'
import { SlackProblem } from '../slack-problem.ts'
import { escaped, mention } from '../slack-text.ts'

const MAX_MENTIONS = 20

/** What an agent writes. It may call single people, one by one and by id, and never a whole channel. */
export function messageText(most: number) {
  return {
    text: z
      .string()
      .min(1, 'Write something.')
      .max(most, { error: () => `Use at most ${most.toLocaleString('en')} characters.` })
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
}

/** As it is sent. Throws SlackProblem where that is longer than `most`: Slack would cut it, or refuse it. */
export function textOf(
  { text, mention_users }: { text: string; mention_users: readonly string[] },
  most: number,
): string {
  const whole = [...mention_users.map(mention), escaped(text)].join(' ')
  if (whole.length <= most) return whole
  const fix = 'Send less.'
  throw new SlackProblem('msg_too_long', 'The message is too long for Slack.', { consequence: 'rejected', fix })
}
