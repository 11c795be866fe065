import { z } from 'zod'
import type { SlackClient } from '../slack-client.ts'
import { ChannelPage, type RawChannel } from '../slack-channels.ts'
import { Cursor, NextCursor, PageEnd, slackTool } from './tool.ts'

/** Slack takes less than 1,000. Of people it recommends 200. */
const CHANNELS_A_PAGE = 999
const USERS_A_PAGE = 200
/** Of one call: lists are filtered here, so that a search goes through many. */
const MAX_PAGES = 10

const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
const Query = z.string().trim().max(100)

export const listChannels = slackTool({
  name: 'list_channels',
  title: 'List channels',
  description:
    'Public channels of the workspace, and private ones that the app is in. A page may have fewer than asked for, and may be empty, while there are more: go on with next_cursor.',
  input: z.strictObject({
    query: Query.default('').describe('Only channels with this in their name'),
    include_private: z.boolean().default(true),
    include_archived: z.boolean().default(false),
    limit: z.int().min(1).max(200).default(100).describe('About how many channels to give, 1 to 200'),
    cursor: Cursor,
  }),
  output: z.object({
    channels: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        is_private: z.boolean(),
        is_archived: z.boolean(),
        is_member: z.boolean().describe('Whether the app is in it'),
        topic: z.string(),
        purpose: z.string(),
        num_members: z.number().nullable(),
      }),
    ),
    next_cursor: NextCursor,
  }),
  annotations: READ_ONLY,
  run: async (client, { query, include_private, include_archived, limit, cursor }) => {
    const name = query.replace(/^#/, '').toLowerCase()
    const args = {
      types: include_private ? 'public_channel,private_channel' : 'public_channel',
      exclude_archived: !include_archived,
      limit: name === '' ? limit : CHANNELS_A_PAGE,
    }
    const found = await search(cursor, limit, async (from) => {
      const page = await client.call('conversations.list', { ...args, ...from }, ChannelPage)
      const matching = page.channels.filter((channel) => channel.name.toLowerCase().includes(name))
      return { items: matching.map(channelOf), next: page.response_metadata }
    })
    return { channels: found.items, next_cursor: found.next }
  },
})

const RawUser = z.object({
  id: z.string(),
  name: z.string().default(''),
  real_name: z.string().nullish(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  tz: z.string().nullish(),
  profile: z
    .object({
      real_name: z.string().nullish(),
      display_name: z.string().nullish(),
      title: z.string().nullish(),
      email: z.string().nullish(),
    })
    .catch({})
    .default({}),
})
const UserPage = z.object({ members: z.array(RawUser), ...PageEnd })

export const searchUsers = slackTool({
  name: 'search_users',
  title: 'Search users',
  description:
    'People of the workspace by a part of their name, display name or email address. A large workspace is searched in steps: go on with next_cursor where the one looked for is not there yet.',
  input: z.strictObject({
    query: Query.min(1, 'Say whom to look for.').describe('Part of a name or email address'),
    include_bots: z.boolean().default(false),
    limit: z.int().min(1).max(100).default(20).describe('About how many people to give, 1 to 100'),
    cursor: Cursor,
  }),
  output: z.object({
    users: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        real_name: z.string(),
        display_name: z.string(),
        title: z.string(),
        email: z.string().nullable(),
        time_zone: z.string().nullable(),
        is_bot: z.boolean(),
      }),
    ),
    next_cursor: NextCursor,
  }),
  annotations: READ_ONLY,
  run: async (client, { query, include_bots, limit, cursor }) => {
    const words = query.replace(/^@/, '').toLowerCase()
    const found = await search(cursor, limit, (from) => usersOf(client, from, words, include_bots))
    return { users: found.items, next_cursor: found.next }
  },
})

async function usersOf(client: SlackClient, from: { cursor?: string }, words: string, includeBots: boolean) {
  const page = await client.call('users.list', { limit: USERS_A_PAGE, ...from }, UserPage)
  const users = page.members
    .filter(({ deleted, is_bot, id }) => !deleted && (includeBots || (!is_bot && id !== SLACKBOT)))
    .map(userOf)
    .filter((user) => [user.name, user.real_name, user.display_name, user.email ?? ''].some(has(words)))
  return { items: users, next: page.response_metadata }
}

/** It does not say that it is a bot. */
const SLACKBOT = 'USLACKBOT'

function has(words: string): (text: string) => boolean {
  return (text) => text.toLowerCase().includes(words)
}

/** Goes on while there is too little: Slack's pages may be short, and what is looked for may stand on the last. */
async function search<Item>(
  cursor: string | undefined,
  wanted: number,
  ask: (from: { cursor?: string }) => Promise<{ items: Item[]; next: string | null }>,
): Promise<{ items: Item[]; next: string | null }> {
  const items: Item[] = []
  let next: string | null = cursor ?? null
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await ask(next === null ? {} : { cursor: next })
    items.push(...page.items)
    next = page.next
    if (next === null || items.length >= wanted) break
  }
  return { items, next }
}

function channelOf(raw: RawChannel) {
  return {
    id: raw.id,
    name: raw.name,
    is_private: raw.is_private,
    is_archived: raw.is_archived,
    is_member: raw.is_member,
    topic: raw.topic.value.slice(0, 250),
    purpose: raw.purpose.value.slice(0, 250),
    num_members: raw.num_members ?? null,
  }
}

function userOf({ id, name, real_name, is_bot, tz, profile }: z.output<typeof RawUser>) {
  return {
    id,
    name,
    real_name: real_name ?? profile.real_name ?? '',
    display_name: profile.display_name ?? '',
    title: profile.title ?? '',
    email: profile.email ?? null,
    time_zone: tz ?? null,
    is_bot,
  }
}
