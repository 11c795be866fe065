/* eslint-disable @typescript-eslint/no-deprecated -- The low level of the SDK and its log messages are what is wanted here. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  ProtocolError,
  Server,
  type CallToolResult,
  type InputRequests,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { Behaviours, Refusal, type Announcer, type Listed, type Peer, type Question } from './behaviours.ts'

/** The behaviours served by SDK 2 in the modern era: what a handler asks for becomes `input_required`. */

/** Thrown by `ask`: the agent has to answer first. */
class Asking extends Error {
  readonly requests: InputRequests
  readonly requestState: string
  constructor(requests: InputRequests, requestState: string) {
    super('input required')
    this.requests = requests
    this.requestState = requestState
  }
}

/** States that were given out: one that comes back must be one of them, byte for byte. */
const states = new Map<string, Record<string, unknown>>()

/** Over HTTP on a free port; gives the URL. */
export async function serveModernHttp(kind: string): Promise<string> {
  const behaviours = new Behaviours(kind, {
    listChanged: (changed) => {
      if (changed === 'tools') handler.notify.toolsChanged()
      else if (changed === 'prompts') handler.notify.promptsChanged()
      else handler.notify.resourcesChanged()
    },
    resourceUpdated: (uri) => handler.notify.resourceUpdated(uri),
  })
  const handler = createMcpHandler(() => build(behaviours), { legacy: 'reject' })
  const serve = toNodeHandler(handler)
  const http = createServer((request, response) => void serve(request as Parameters<typeof serve>[0], response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`
}

export function serveModernStdio(kind: string): void {
  let serving: Server | undefined
  const announcer: Announcer = {
    listChanged: (changed) => void tellListChanged(serving, changed),
    resourceUpdated: (uri) => void serving?.sendResourceUpdated({ uri }),
  }
  const behaviours = new Behaviours(kind, announcer)
  serveStdio(() => (serving = build(behaviours)), { legacy: 'reject' })
}

async function tellListChanged(server: Server | undefined, changed: Listed): Promise<void> {
  if (changed === 'tools') await server?.sendToolListChanged()
  else if (changed === 'prompts') await server?.sendPromptListChanged()
  else await server?.sendResourceListChanged()
}

function build(behaviours: Behaviours): Server {
  const { kind, capabilities, instructions } = behaviours
  const server = new Server({ name: kind, version: '2.0.0' }, { capabilities, instructions })
  server.setRequestHandler('tools/list', () => behaviours.listTools())
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const calling = behaviours.callTool(params.name, params.arguments ?? {}, peerOf(context))
    return (await answered(calling)) as CallToolResult | InputRequiredResult
  })
  server.setRequestHandler('prompts/list', () => behaviours.listPrompts())
  server.setRequestHandler('prompts/get', ({ params }) =>
    refusing(() => behaviours.getPrompt(params.name, params.arguments)),
  )
  server.setRequestHandler('resources/list', () => behaviours.listResources())
  server.setRequestHandler('resources/templates/list', () => behaviours.listTemplates())
  server.setRequestHandler('resources/read', ({ params }) => refusing(() => behaviours.readResource(params.uri)))
  server.setRequestHandler('completion/complete', ({ params }) => behaviours.complete(params.argument.value))
  return server
}

function peerOf({ mcpReq }: ServerContext): Peer {
  return {
    signal: mcpReq.signal,
    progressToken: mcpReq._meta?.progressToken,
    notify: (method, params) => mcpReq.notify({ method, params }),
    ask: (key, question) => Promise.resolve(answerOf(mcpReq, key, question)),
    log: (level, data) => mcpReq.log(level, data, 'matrix'),
  }
}

/** What the agent said, in this round or in one before, which the state remembers. */
function answerOf(mcpReq: ServerContext['mcpReq'], key: string, question: Question): Record<string, unknown> {
  const state = mcpReq.requestState<string>()
  const former = state === undefined ? {} : states.get(state)
  if (former === undefined) throw new ProtocolError(-32602, 'requestState is not one that was given out')
  const known = { ...former, ...mcpReq.inputResponses }
  const answer = known[key] as Record<string, unknown> | undefined
  if (answer !== undefined) return answer
  const { elicitationId: _, ...params } = question.params
  const next = `{"state": "grün ✓ ${randomUUID()}"}`
  states.set(next, known)
  throw new Asking({ [key]: { method: question.method, params } as InputRequests[string] }, next)
}

async function answered(calling: Promise<Record<string, unknown>>): Promise<unknown> {
  try {
    return await calling
  } catch (error) {
    if (error instanceof Asking) {
      return { resultType: 'input_required', inputRequests: error.requests, requestState: error.requestState }
    }
    throw asProtocolError(error)
  }
}

function refusing<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw asProtocolError(error)
  }
}

function asProtocolError(error: unknown): unknown {
  return error instanceof Refusal ? new ProtocolError(error.code, error.message) : error
}
