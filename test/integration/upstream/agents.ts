import type {
  Principal,
  ServerRequest,
  UpstreamAnswer,
  UpstreamCaller,
  UpstreamSession,
} from '../../../src/main/upstream/upstream.ts'
import { call, type CalledTool } from './harness.ts'

/** An agent of a test: answers what a server asks, and writes down what it is asked and told. */
export class Agent {
  readonly asked: string[] = []
  readonly heard: string[] = []
  /** What it answers, as JSON text of a result; undefined: nothing until its call ends. */
  reply: ((request: ServerRequest) => string) | undefined
  readonly principal: Principal

  constructor(name: string, key = `session:${name}`, capabilities = '{"elicitation":{}}') {
    this.reply = () => JSON.stringify({ action: 'accept', content: { by: name } })
    this.principal = {
      connectionKey: key,
      capabilities: Buffer.from(capabilities),
      clientInfo: Buffer.from(JSON.stringify({ name, version: '1' })),
      ask: (request) => this.#answer(request),
      hear: ({ method }) => void this.heard.push(`outside: ${method}`),
    }
  }

  caller(): UpstreamCaller {
    return {
      principal: this.principal,
      ask: (request) => this.#answer(request),
      hear: ({ method, params }) => void this.heard.push(`${method} ${params?.toString() ?? ''}`),
    }
  }

  call(session: UpstreamSession, tool: string, input: object = {}, signal?: AbortSignal): Promise<CalledTool> {
    return call(session, tool, input, signal, this.caller())
  }

  #answer(request: ServerRequest): Promise<UpstreamAnswer> {
    this.asked.push(request.method)
    const text = this.reply?.(request)
    if (text !== undefined) return Promise.resolve(answerOf('result', text))
    return new Promise((resolve) => {
      const giveUp = () => resolve(answerOf('error', '{"code":-1,"message":"given up"}'))
      request.signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}

function answerOf(kind: UpstreamAnswer['kind'], text: string): UpstreamAnswer {
  return { kind, bytes: Buffer.from(text), value: JSON.parse(text) as unknown }
}
