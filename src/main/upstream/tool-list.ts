import { isObject } from '../base/is-object.ts'
import { elements, members } from '../base/json-members.ts'
import { paramHeaders } from './param-headers.ts'

/** One tool as its server described it. */
export interface UpstreamTool {
  name: string
  /** JSON text of the definition, byte for byte: unknown fields survive. */
  text: string
  /** The same, parsed: to read, not to send. */
  definition: Record<string, unknown>
}

/** An ordered, immutable list of tools. */
export interface ToolList {
  readonly tools: readonly UpstreamTool[]
  /** Tools that were left out, a sentence each. */
  readonly warnings: readonly string[]
  /** JSON array text of all tools: what the store keeps. */
  readonly text: string
}

export interface ToolListOptions {
  /** Over modern HTTP a tool whose `x-mcp-header` breaks the rules must be left out (2026-07-28, Streamable HTTP). */
  paramHeaders?: boolean
}

/**
 * Deeper than any schema that was written by hand. Readers without such a limit of their own run out of stack, and then
 * one tool hides all others.
 */
const MAX_DEPTH = 200

/** Warnings are read by a person: past this many only their number is told. */
const MAX_WARNINGS = 20

export const emptyToolList: ToolList = { tools: [], warnings: [], text: '[]' }

/** The list that the store kept: the JSON array text of an earlier list. */
export function parseToolList(text: string): ToolList {
  const builder = new ToolListBuilder()
  const json = Buffer.from(text)
  builder.add(json, 0, JSON.parse(text))
  return builder.build()
}

/** Collects the pages of `tools/list` and keeps what clients can use. */
export class ToolListBuilder {
  readonly #tools = new Map<string, UpstreamTool>()
  readonly #warnings: string[] = []
  readonly #options: ToolListOptions
  #leftOut = 0

  constructor(options: ToolListOptions = {}) {
    this.#options = options
  }

  /** Adds the `tools` of one `tools/list` result; false when there is no such array in it. */
  addPage(result: Buffer, value: unknown): boolean {
    const tools = isObject(value) ? value.tools : undefined
    const span = members(result).get('tools')
    if (!Array.isArray(tools) || span === undefined) return false
    this.add(result, span[0], tools)
    return true
  }

  /** Adds the elements of the array that starts at `from` of `json`; `values` is the same array, parsed. */
  add(json: Buffer, from: number, values: unknown): void {
    if (!Array.isArray(values)) return
    const spans = elements(json, from)
    values.forEach((value: unknown, index) => {
      const [start, end] = spans[index] ?? [0, 0]
      const fault = this.#faultOf(value)
      if (fault !== undefined) this.#warn(fault)
      else if (isObject(value) && typeof value.name === 'string') {
        this.#tools.set(value.name, {
          name: value.name,
          text: json.toString('utf8', start, end),
          definition: value,
        })
      }
    })
  }

  build(extraWarnings: readonly string[] = []): ToolList {
    const tools = [...this.#tools.values()]
    const hidden = this.#leftOut - this.#warnings.length
    const warnings = [...extraWarnings, ...this.#warnings]
    if (hidden > 0) warnings.push(`${hidden} more tools were left out.`)
    return { tools, warnings, text: `[${tools.map((tool) => tool.text).join(',')}]` }
  }

  /** Why clients could not use this tool. One bad definition makes strict clients refuse the whole list. */
  #faultOf(tool: unknown): string | undefined {
    if (!isObject(tool) || typeof tool.name !== 'string' || tool.name === '') {
      return 'A tool without a name was left out.'
    }
    const name = quoted(tool.name)
    const schema = tool.inputSchema
    if (!isObject(schema) || schema.type !== 'object') {
      return `The tool ${name} was left out: its inputSchema is not an object with "type": "object".`
    }
    if (isDeeperThan(MAX_DEPTH, tool)) return `The tool ${name} was left out: its definition nests too deep.`
    if (this.#tools.has(tool.name)) return `A second tool named ${name} was left out.`
    if (this.#options.paramHeaders === true) {
      const headers = paramHeaders(schema)
      if (!headers.valid) return `The tool ${name} was left out: ${headers.reason}.`
    }
    return undefined
  }

  #warn(warning: string): void {
    this.#leftOut++
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(warning)
  }
}

/** Level by level, without recursion. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      for (const child of Object.values(item)) if (typeof child === 'object' && child !== null) next.push(child)
    }
    level = next
  }
  return false
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
}
