import { paramHeaders, paramHeaderValues, type ParamHeader } from '../../upstream/param-headers.ts'
import { asRecord } from './agent-message.ts'

/**
 * Over HTTP a modern client repeats some arguments in headers, as the tool's schema asks (2026-07-28, `x-mcp-header`).
 * Over stdio there are none, so the bridge makes them from the lists that it carried.
 */
export class DeclaredHeaders {
  readonly #byTool = new Map<string, readonly ParamHeader[]>()

  /** Remembers what the answer to a `tools/list` declares. */
  learn(result: unknown): void {
    const { tools } = asRecord(result)
    if (!Array.isArray(tools)) return
    for (const tool of tools.map(asRecord)) {
      if (typeof tool.name !== 'string') continue
      const declared = paramHeaders(asRecord(tool.inputSchema))
      if (declared.valid && declared.headers.length > 0) this.#byTool.set(tool.name, declared.headers)
      else this.#byTool.delete(tool.name)
    }
  }

  of(params: Record<string, unknown>): Record<string, string> {
    const declared = typeof params.name === 'string' ? this.#byTool.get(params.name) : undefined
    return declared === undefined ? {} : paramHeaderValues(declared, params.arguments)
  }
}
