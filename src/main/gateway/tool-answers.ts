import { resultAnswer, unknownTool } from './answer.ts'
import { CALL_TOOL, readInnerCall } from './call-tool.ts'
import { DISCOVER_TOOLS, discoverTools } from './discover.ts'
import type { Endpoint } from './endpoints.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'
import { refused, type Caller, type Relay, type RelayedAnswer } from './relay.ts'
import { failure, type ToolResult } from './tool-result.ts'

/** `tools/call`, which both eras ask for alike. */
export class ToolAnswers {
  readonly #relay: Relay
  readonly #serverInfo: string

  constructor(relay: Relay, serverInfo: string) {
    this.#relay = relay
    this.#serverInfo = serverInfo
  }

  /** A tool that filter or profile hide is not in the view, so it answers exactly as one that never was. */
  call(endpoint: Endpoint, message: Message, caller: Caller): Promise<RelayedAnswer> | RelayedAnswer {
    const { id, params, paramsSpan } = message
    const { name } = params
    if (typeof name !== 'string' || paramsSpan === undefined) {
      const error = { code: RPC.invalidParams, message: '"params.name" must be the name of a tool.' }
      return refused(id, '', error)
    }
    if (endpoint.slug === undefined) {
      if (name === DISCOVER_TOOLS) return this.#discover(endpoint, id, params.arguments, caller)
      // In full mode it is not listed, yet it works: an agent's mode can change between its list and its call, and a
      // name that worked a moment ago must not become an unknown tool in the middle of a conversation.
      if (name === CALL_TOOL) return this.#callInner(endpoint, message, caller)
    }
    const route = endpoint.view.routes.get(name)
    if (route === undefined) return refused(id, name, unknownTool(name))
    return this.#relay.answer(route, name, message, caller)
  }

  #callInner(endpoint: Endpoint, message: Message, caller: Caller): Promise<RelayedAnswer> | RelayedAnswer {
    const { id, params } = message
    const inner = readInnerCall(message)
    if (typeof inner === 'string') return this.#result(id, CALL_TOOL, failure(inner), caller)
    const { name, argumentsSpan } = inner
    // A model that only has these two tools may well put one into the other.
    if (name === DISCOVER_TOOLS) {
      const { arguments: own } = params.arguments as { arguments?: unknown }
      return this.#discover(endpoint, id, own, caller)
    }
    const route = endpoint.view.routes.get(name)
    if (route !== undefined) return this.#relay.answer(route, name, { ...message, argumentsSpan }, caller)
    const { code, message: unknown } = unknownTool(name)
    return refused(id, name, {
      code,
      message: `${unknown}. Call ${DISCOVER_TOOLS} to find the tools that there are.`,
    })
  }

  async #discover({ catalog, offering }: Endpoint, id: Buffer, input: unknown, caller: Caller): Promise<RelayedAnswer> {
    for (const { upstream } of offering.integrations) upstream.freshen('tools')
    return this.#result(id, DISCOVER_TOOLS, await discoverTools(catalog, input), caller)
  }

  #result(id: Buffer, tool: string, result: ToolResult, { era }: Caller): RelayedAnswer {
    const text = JSON.stringify(result)
    const modern = `${text.slice(0, -1)},"resultType":"complete","_meta":{"${META.serverInfo}":${this.#serverInfo}}}`
    return {
      body: resultAnswer(id, [Buffer.from(era === 'legacy' ? text : modern)]),
      outcome: result.isError === true ? 'tool_error' : 'ok',
      error: null,
      tool,
      integration: null,
      upstreamEra: null,
    }
  }
}
