import type { FakeChannel, FakeToken, FakeWorkspace } from './workspace.ts'

/** `ok: false` with Slack's name of the error. */
export class Refusal extends Error {
  readonly error: string
  readonly details: Record<string, unknown>

  constructor(error: string, details: Record<string, unknown> = {}) {
    super(error)
    this.error = error
    this.details = details
  }
}

export type Arguments = Readonly<Record<string, unknown>>

export interface Call {
  workspace: FakeWorkspace
  token: FakeToken
  args: Arguments
  /** Where this server is reached, for addresses that it names. */
  origin: string
}

export interface Method {
  /** One of them is enough. By what is asked for, where that makes a difference. */
  scopes: readonly string[] | ((args: Arguments) => readonly string[][])
  /** Form only: its arguments in a JSON body are not seen. */
  takesJson?: boolean
  run(call: Call): Record<string, unknown>
}

export function textArg(args: Arguments, name: string): string | undefined {
  const value = args[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

export function neededArg(args: Arguments, name: string): string {
  const value = textArg(args, name)
  if (value !== undefined && value !== '') return value
  throw new Refusal('invalid_arguments', {
    response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
  })
}

export function flagArg(args: Arguments, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1'
}

/** Lists come as JSON in a form, and as they are in JSON. */
export function listArg(args: Arguments, name: string): unknown[] | undefined {
  const value = args[name]
  if (value === undefined) return undefined
  const list: unknown = typeof value === 'string' ? JSON.parse(value) : value
  return Array.isArray(list) ? list : undefined
}

/** As the one of this token sees it: private channels of others are not there. */
export function channelOf({ workspace, token, args }: Call, name = 'channel'): FakeChannel {
  const wanted = neededArg(args, name)
  const all = [...workspace.channels.values()]
  const channel = workspace.channels.get(wanted) ?? all.find((each) => `#${each.name}` === wanted)
  if (channel === undefined || (channel.is_private && !channel.members.has(token.user))) {
    throw new Refusal('channel_not_found')
  }
  return channel
}

/** `limit` and `cursor` of a list that does not change while it is gone through. */
export function page<Item>(
  items: readonly Item[],
  args: Arguments,
  { most, usual }: { most: number; usual: number },
): { items: Item[]; next: string } {
  const limit = Number(args.limit ?? usual)
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new Refusal('invalid_limit')
  const cursor = textArg(args, 'cursor') ?? ''
  const start = cursor === '' ? 0 : Number(/^at:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1] ?? NaN)
  if (!Number.isInteger(start)) throw new Refusal('invalid_cursor')
  const end = start + limit
  const next = end < items.length ? Buffer.from(`at:${end}`).toString('base64') : ''
  return { items: items.slice(start, end), next }
}
