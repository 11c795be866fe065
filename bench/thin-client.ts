import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { SseSession } from './sse-session.ts'
import type { Ready } from './targets/ready.ts'

/** Fifty servers have started by then, on any machine. */
const LISTED_WITHIN_MS = 180_000

/** The tools of the bench are longer. */
const LEAST_TOOL_BYTES = 400

/** The same client for every target: one JSON text in, one body out, and a look whether the right answer is in it. */
export class ThinClient {
  readonly #pool: Pool
  readonly #path: string
  readonly #prefix: string
  readonly #headers: Record<string, string>
  /** Sessions of HTTP+SSE, by name, and the connections that their streams have; undefined: it is streamable HTTP. */
  readonly #sse: { streams: Pool; sessions: Map<string, SseSession> } | undefined
  #calls = 0

  constructor({ url, prefix, token, transport = 'http' }: Ready['ready'], connections: number) {
    const { origin, pathname } = new URL(url)
    this.#pool = new Pool(origin, { connections })
    this.#sse = transport === 'sse' ? { streams: new Pool(origin), sessions: new Map() } : undefined
    this.#path = pathname
    this.#prefix = prefix
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  async open(): Promise<string> {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
    const session = await this.#opened(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
    await this.#post('{"jsonrpc":"2.0","method":"notifications/initialized"}', session)
    return session
  }

  async #opened(body: string): Promise<string> {
    if (this.#sse) {
      const session = await SseSession.open({ pool: this.#pool, streams: this.#sse.streams }, this.#path)
      this.#sse.sessions.set(session.path, session)
      await session.post(body)
      return session.path
    }
    const answer = await this.#pool.request({ method: 'POST', path: this.#path, headers: this.#headers, body })
    await answer.body.arrayBuffer()
    return String(answer.headers['mcp-session-id'])
  }

  async call(session: string): Promise<void> {
    const nonce = `nonce ${++this.#calls}`
    const text = await this.#post(this.#callOf('echo', nonce), session)
    if (!text.includes(nonce)) throw new Error(`The answer is not the one asked for: ${text.toString().slice(0, 200)}`)
  }

  async callLarge(session: string): Promise<void> {
    const text = await this.#post(this.#callOf('large', ''), session)
    if (text.length < 1_000_000) throw new Error(`The large answer is not large: ${text.toString().slice(0, 200)}`)
  }

  async list(session: string, tools: number): Promise<void> {
    const text = await this.#post(`{"jsonrpc":"2.0","id":${++this.#calls},"method":"tools/list"}`, session)
    if (text.length < tools * LEAST_TOOL_BYTES) throw new Error(`The list is not complete: ${text.length} bytes`)
  }

  /** Until so many tools are listed: servers connect one after the other. */
  async waitForList(session: string, tools: number): Promise<void> {
    const started = performance.now()
    for (;;) {
      const text = await this.#post(`{"jsonrpc":"2.0","id":${++this.#calls},"method":"tools/list"}`, session)
      const listed = benchToolsIn(text)
      if (listed >= tools) return
      const elapsed = performance.now() - started
      if (elapsed > LISTED_WITHIN_MS) throw new Error(`Of ${tools} tools ${listed} are listed by now.`)
      // Two percent of the time at most: whoever asks all the time takes it from the servers that start.
      await wait(Math.max(5, elapsed / 50))
    }
  }

  async discover(session: string, query: string): Promise<void> {
    const params = { name: 'discover_tools', arguments: { query } }
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++this.#calls, method: 'tools/call', params })
    const text = await this.#post(body, session)
    if (!text.includes('bench__')) throw new Error(`Nothing was found: ${text.toString().slice(0, 200)}`)
  }

  async end(session: string): Promise<void> {
    if (this.#sse) {
      this.#sse.sessions.get(session)?.close()
      this.#sse.sessions.delete(session)
      return
    }
    const headers = { ...this.#headers, 'mcp-session-id': session }
    const answer = await this.#pool.request({ method: 'DELETE', path: this.#path, headers })
    await answer.body.arrayBuffer()
  }

  async close(): Promise<void> {
    for (const session of this.#sse?.sessions.values() ?? []) session.close()
    await Promise.all([this.#pool.close(), this.#sse?.streams.destroy()])
  }

  #callOf(tool: string, text: string): string {
    const params = { name: `${this.#prefix}${tool}`, arguments: { text } }
    return JSON.stringify({ jsonrpc: '2.0', id: ++this.#calls, method: 'tools/call', params })
  }

  async #post(body: string, session: string): Promise<Buffer> {
    const sse = this.#sse?.sessions.get(session)
    if (sse) return sse.post(body)
    const headers = { ...this.#headers, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }
    const answer = await this.#pool.request({ method: 'POST', path: this.#path, headers, body })
    const text = Buffer.from(await answer.body.arrayBuffer())
    if (answer.statusCode > 202) throw new Error(`Status ${answer.statusCode}: ${text.toString().slice(0, 200)}`)
    return text
  }
}

/** Without Gatehouse's own, which are there before any server is. */
function benchToolsIn(text: Buffer): number {
  const mark = '"title":"The tool '
  let count = 0
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) count++
  return count
}
