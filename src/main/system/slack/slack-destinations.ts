import type { Destination } from '../../../shared/contract/channels.ts'
import type { SystemAccess } from '../system-adapter.ts'
import type { SlackAccessNow } from './slack-channel.ts'
import { ChannelPage, type RawChannel } from './slack-channels.ts'
import { isRefusal, SlackClient } from './slack-client.ts'
import { SlackProblem } from './slack-problem.ts'
import { type SlackWay, wayOf } from './slack-scopes.ts'

/** Slack takes less than 1,000, and about twenty pages a minute. */
const A_PAGE = 999
const MAX_PAGES = 20
const LISTING_MS = 60_000
const REMEMBERED_MS = 60_000
/** Of one answer: whoever looks for more types more of the name. */
const MAX_ITEMS = 500

interface Listing {
  channels: Destination[]
  /** False: there are more channels, or some that the token is not told of. */
  complete: boolean
}

interface Remembered {
  /** The setup that it was asked with: another one may be of another workspace of Slack. */
  baseUrl: string
  authorization: string | undefined
  listing: Promise<Listing>
  timer: NodeJS.Timeout
}

/** The channels that notices can go to. What Slack said is remembered for a minute, as it is searched while one types. */
export class SlackDestinations {
  readonly #accessNow: SlackAccessNow
  readonly #remembered = new Map<string, Remembered>()
  readonly #closing = new AbortController()

  constructor(accessNow: SlackAccessNow) {
    this.#accessNow = accessNow
  }

  /** Those with `query` in their name, the ones that the app is in first. Rejects with AppError. */
  async list(
    workspace: string,
    { query, fresh }: { query: string; fresh: boolean },
    signal?: AbortSignal,
  ): Promise<{ items: Destination[]; complete: boolean }> {
    const access = this.#accessNow(workspace)
    const authorization = await access.authorization()
    const { channels, complete } = await until(this.#listing(access, authorization, fresh), signal).catch(told)
    const name = query.trim().replace(/^#/, '').toLowerCase()
    const found = channels.filter((channel) => channel.name.toLowerCase().includes(name))
    return { items: found.slice(0, MAX_ITEMS), complete: complete && found.length <= MAX_ITEMS }
  }

  close(): void {
    this.#closing.abort()
    for (const { timer } of this.#remembered.values()) clearTimeout(timer)
    this.#remembered.clear()
  }

  /** One for all who ask at the same time. */
  #listing(access: SystemAccess, authorization: string | undefined, fresh: boolean): Promise<Listing> {
    const { workspace, baseUrl } = access
    const known = this.#remembered.get(workspace)
    const isSame = known?.baseUrl === baseUrl && known.authorization === authorization
    if (known !== undefined && isSame && !fresh) return known.listing
    clearTimeout(known?.timer)

    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(LISTING_MS)])
    const listing = listed(access, signal)
    const forget = () => {
      const current = this.#remembered.get(workspace)
      if (current?.listing !== listing) return
      clearTimeout(current.timer)
      this.#remembered.delete(workspace)
    }
    const timer = setTimeout(forget, REMEMBERED_MS)
    timer.unref()
    this.#remembered.set(workspace, { baseUrl, authorization, listing, timer })
    listing.catch(forget)
    return listing
  }
}

function told(error: unknown): never {
  throw error instanceof SlackProblem ? error.asAppError() : error
}

async function listed(access: SystemAccess, signal: AbortSignal): Promise<Listing> {
  const client = new SlackClient(access, signal)
  const way = wayOf(access)
  try {
    return await allOf(client, 'public_channel,private_channel', way)
  } catch (error) {
    // Public ones are better than none.
    if (!isRefusal(error, 'missing_scope') || !error.needed.every((scope) => scope.startsWith('groups:'))) throw error
    return { ...(await allOf(client, 'public_channel', way)), complete: false }
  }
}

/** Slack takes archived ones out after it has cut the page, so that a short page, or an empty one, is not the last. */
async function allOf(client: SlackClient, types: string, way: SlackWay): Promise<Listing> {
  const channels: RawChannel[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const from: { cursor?: string } = cursor === null ? {} : { cursor }
    const args = { types, exclude_archived: true, limit: A_PAGE, ...from }
    const page = await client.call('conversations.list', args, ChannelPage)
    channels.push(...page.channels)
    cursor = page.response_metadata
    if (cursor === null) break
  }
  const places = channels.filter(({ is_archived, name }) => !is_archived && name !== '').map(destinationOf(way))
  return { channels: places.sort(memberFirst), complete: cursor === null }
}

function destinationOf(way: SlackWay): (channel: RawChannel) => Destination {
  return ({ id, name, is_private, is_member }) => ({
    id,
    name,
    is_private,
    is_member,
    hint: is_member ? null : hintFor(way, is_private, name),
  })
}

/** An app goes into public channels by itself. */
function hintFor(way: SlackWay, isPrivate: boolean, name: string): string | null {
  if (way === 'user') return `Join #${name} in Slack.`
  return isPrivate ? `Write /invite @Gatehouse in #${name}.` : null
}

function memberFirst(a: Destination, b: Destination): number {
  if (a.is_member !== b.is_member) return a.is_member ? -1 : 1
  return a.name < b.name ? -1 : 1
}

/** Whoever waits may go; what is asked for goes on for others. */
function until<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop)
    })
  })
}
