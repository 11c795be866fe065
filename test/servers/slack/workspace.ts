/** What there is in one workspace of Slack: people, channels, messages, files, tokens. */
export interface FakeUser {
  id: string
  name: string
  real_name: string
  email: string
  deleted?: boolean
  is_bot?: boolean
}

export interface FakeMessage {
  ts: string
  /** Who wrote it; of an app its bot user. */
  user: string
  bot_id?: string
  text: string
  blocks?: unknown[]
  attachments?: unknown[]
  thread_ts?: string
  subtype?: string
  edited?: { user: string; ts: string }
  reactions?: { name: string; count: number; users: string[] }[]
  files?: { id: string; name: string; title: string; permalink: string }[]
  /** As the request had it. */
  unfurl_links?: boolean
}

export interface FakeChannel {
  id: string
  name: string
  is_private: boolean
  is_archived: boolean
  members: Set<string>
  /** `restricted_action` and its like, for whoever posts. */
  refuses?: string
  messages: FakeMessage[]
}

export interface FakeToken {
  token: string
  kind: 'bot' | 'user'
  /** Whose: of an app its bot user. */
  user: string
  bot_id?: string
  scopes: string[]
  /** Why it is none any more. */
  state?: 'token_revoked' | 'account_inactive' | 'token_expired' | 'invalid_auth'
  /** Milliseconds since 1970. */
  expiresAt?: number
}

export interface FakeFile {
  id: string
  filename: string
  length: number
  content?: Buffer
}

export const BOT_SCOPES = [
  'chat:write',
  'channels:read',
  'groups:read',
  'channels:join',
  'channels:history',
  'groups:history',
  'users:read',
  'users:read.email',
  'reactions:write',
  'files:write',
]

export class FakeWorkspace {
  readonly team = { id: 'T0GATE0001', name: 'Acme' }
  readonly users = new Map<string, FakeUser>()
  readonly channels = new Map<string, FakeChannel>()
  readonly tokens = new Map<string, FakeToken>()
  readonly files = new Map<string, FakeFile>()
  /** Moved on by tests, and by each message. */
  clockMs = Date.parse('2026-11-28T18:00:00Z')
  #count = 0

  constructor() {
    this.addUser({ id: 'U0BOT00001', name: 'gatehouse', real_name: 'Gatehouse', email: '', is_bot: true })
    this.addUser({ id: 'U0ADA00001', name: 'ada', real_name: 'Ada Lovelace', email: 'ada@example.com' })
    this.addUser({ id: 'U0BOB00001', name: 'bob', real_name: 'Bob <Builder>', email: 'bob@example.com' })
    this.addUser({ id: 'U0OLD00001', name: 'old', real_name: 'Old Timer', email: 'old@example.com', deleted: true })
    this.addUser({ id: 'USLACKBOT', name: 'slackbot', real_name: 'Slackbot', email: '' })
    this.addChannel('ops', { members: ['U0BOT00001', 'U0ADA00001'] })
    this.addChannel('general', { members: ['U0ADA00001'] })
    this.addChannel('secret', { isPrivate: true, members: ['U0ADA00001'] })
    this.addToken({ token: 'xoxb-1-good', kind: 'bot', user: 'U0BOT00001', bot_id: 'B0BOT00001' })
    this.addToken({ token: 'xoxp-1-ada', kind: 'user', user: 'U0ADA00001' })
  }

  addUser(user: FakeUser): void {
    this.users.set(user.id, user)
  }

  addChannel(
    name: string,
    options: { isPrivate?: boolean; isArchived?: boolean; members?: readonly string[]; refuses?: string } = {},
  ): FakeChannel {
    const { isPrivate = false, isArchived = false, members = [], refuses } = options
    const channel: FakeChannel = {
      id: this.nextId('C'),
      name,
      is_private: isPrivate,
      is_archived: isArchived,
      members: new Set(members),
      ...(refuses !== undefined && { refuses }),
      messages: [],
    }
    this.channels.set(channel.id, channel)
    return channel
  }

  channel(name: string): FakeChannel {
    const found = [...this.channels.values()].find((channel) => channel.name === name)
    if (found === undefined) throw new Error(`The fake Slack has no channel ${name}.`)
    return found
  }

  addToken(token: Omit<FakeToken, 'scopes'> & { scopes?: string[] }): FakeToken {
    const whole = { scopes: BOT_SCOPES, ...token }
    this.tokens.set(whole.token, whole)
    return whole
  }

  /** Without these scopes. */
  narrow(token: string, ...without: string[]): void {
    const found = this.tokens.get(token)
    if (found !== undefined) found.scopes = found.scopes.filter((scope) => !without.includes(scope))
  }

  nextId(prefix: string): string {
    this.#count++
    return `${prefix}${String(this.#count).padStart(9, '0')}`
  }

  /** Of the next message: no two are the same. */
  nextTs(): string {
    this.clockMs++
    return `${Math.floor(this.clockMs / 1000)}.${String(this.clockMs % 1000).padStart(3, '0')}000`
  }
}
