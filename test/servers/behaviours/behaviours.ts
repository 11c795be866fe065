/**
 * What the servers of the matrix do, written once. `sdk1.ts` and `sdk2.ts` let real servers of both SDK lines do it, so
 * that a difference between two cells comes from a protocol or from the gateway, never from the fixture.
 */

/** The side of one call that belongs to the protocol. */
export interface Peer {
  /** Aborted when the agent cancels the call. */
  readonly signal: AbortSignal
  readonly progressToken: string | number | undefined
  /** Sends a notification that belongs to the call. */
  notify(method: string, params: Record<string, unknown>): Promise<void>
  /** Asks the agent. May throw instead, to be called again from the start with the answer. */
  ask(key: string, request: Question): Promise<Record<string, unknown>>
  log(level: 'debug' | 'warning' | 'error', data: unknown): Promise<void>
}

export interface Question {
  method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list'
  params: Record<string, unknown>
}

export type Listed = 'tools' | 'prompts' | 'resources'

/** How the servers of this process tell everybody who is connected to them. */
export interface Announcer {
  listChanged(kind: Listed): void
  resourceUpdated(uri: string): void
}

/** A JSON-RPC error for the agent. */
export class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const INVALID_PARAMS = -32602
const text = (value: unknown) => ({
  content: [{ type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) }],
})

interface Input {
  nonce: string
  steps: number
  endless: boolean
  kind: Listed
  uri: string
}
type ToolHandler = (input: Input, peer: Peer) => unknown

/** One server's state and answers, shared by all of its sessions. `kind` makes its URIs its own. */
export class Behaviours {
  readonly kind: string
  readonly instructions: string
  readonly capabilities = {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    completions: {},
    logging: {},
  }
  readonly #announcer: Announcer
  readonly #cancelled: string[] = []
  readonly #extra: Record<Listed, number> = { tools: 0, prompts: 0, resources: 0 }
  readonly #tools: Record<string, ToolHandler> = {
    echo: ({ nonce }) => text(nonce),
    work: (input, peer) => this.#work(input, peer),
    cancelled: () => text(this.#cancelled),
    elicit: async ({ nonce }, peer) => text(await peer.ask('form', form(nonce))),
    elicit_url: async ({ nonce }, peer) => text(await peer.ask('url', url(nonce))),
    sample: async ({ nonce }, peer) => text(await peer.ask('sample', sampling(nonce))),
    roots: async (_, peer) => text(await peer.ask('roots', { method: 'roots/list', params: {} })),
    ask_twice: async ({ nonce }, peer) => {
      const first = await peer.ask('first', form(`${nonce} first`))
      return text([first, await peer.ask('second', form(`${nonce} second`))])
    },
    log: async ({ nonce }, peer) => {
      for (const level of ['debug', 'warning', 'error'] as const) await peer.log(level, { nonce, level })
      return text('logged')
    },
    change: ({ kind }) => {
      this.#extra[kind]++
      this.#announcer.listChanged(kind)
      return text(`extra_${this.#extra[kind]}`)
    },
    touch: ({ uri }) => {
      this.#announcer.resourceUpdated(uri)
      return text('touched')
    },
  }

  constructor(kind: string, announcer: Announcer) {
    this.kind = kind
    this.instructions = `Instructions of ${kind}.`
    this.#announcer = announcer
  }

  listTools() {
    const names = [...Object.keys(this.#tools), ...extras(this.#extra.tools)]
    return { tools: names.map((name) => ({ name, inputSchema: { type: 'object' as const }, _meta: { 'x.dev/k': 1 } })) }
  }

  async callTool(name: string, input: Record<string, unknown>, peer: Peer): Promise<Record<string, unknown>> {
    const handler = this.#tools[name]
    if (!handler) throw new Refusal(INVALID_PARAMS, `Unknown tool: ${name}`)
    return (await handler(input as unknown as Input, peer)) as Record<string, unknown>
  }

  listPrompts() {
    const names = ['greet', ...extras(this.#extra.prompts)]
    return { prompts: names.map((name) => ({ name, arguments: [{ name: 'who', required: true }] })) }
  }

  getPrompt(name: string, input: Record<string, string> = {}) {
    if (name !== 'greet') throw new Refusal(INVALID_PARAMS, `Unknown prompt: ${name}`)
    const greeting = `Greet ${input.who ?? ''} in the name of ${this.kind}.`
    return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: greeting } }] }
  }

  listResources() {
    const names = ['watched', ...extras(this.#extra.resources)]
    const own = names.map((name) => ({ name, uri: `memo://${this.kind}/${name}`, mimeType: 'text/plain' }))
    return { resources: [...own, { name: 'shared', uri: 'memo://shared', mimeType: 'text/plain' }] }
  }

  listTemplates() {
    return { resourceTemplates: [{ name: 'note', uriTemplate: `memo://${this.kind}/note/{id}` }] }
  }

  readResource(uri: string) {
    const known = uri.startsWith(`memo://${this.kind}/`) || uri === 'memo://shared'
    if (!known) throw new Refusal(INVALID_PARAMS, `Resource not found: ${uri}`)
    return { contents: [{ uri, mimeType: 'text/plain', text: `${uri} of ${this.kind}` }] }
  }

  complete(value: string) {
    return { completion: { values: [`${value}-${this.kind}`], total: 1, hasMore: false } }
  }

  async #work({ nonce, steps, endless }: Input, peer: Peer) {
    const { progressToken, signal } = peer
    for (let progress = 1; progress <= steps && progressToken !== undefined; progress++) {
      await peer.notify('notifications/progress', { progressToken, progress, total: steps, message: nonce })
    }
    if (endless) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve(), { once: true })
      })
      this.#cancelled.push(nonce)
    }
    return text(nonce)
  }
}

function extras(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `extra_${index + 1}`)
}

function form(message: string): Question {
  const requestedSchema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } }
}

function url(message: string): Question {
  const params = { mode: 'url', message, url: 'https://example.com/confirm', elicitationId: `id of ${message}` }
  return { method: 'elicitation/create', params }
}

function sampling(prompt: string): Question {
  const messages = [{ role: 'user', content: { type: 'text', text: prompt } }]
  return { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } }
}
