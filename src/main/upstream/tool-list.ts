import { isObject } from '../base/is-object.ts'
import { readBuilt, type BuiltList, type ListRules } from './list-builder.ts'
import { ListedItem } from './listed-item.ts'
import { paramHeaders, type ParamHeader } from './param-headers.ts'

const PARAM_HEADER = Buffer.from('x-mcp-header')

/** One tool as its server described it. */
export class UpstreamTool extends ListedItem {
  #paramHeaders: readonly ParamHeader[] | undefined

  get name(): string {
    return this.key
  }

  /** The arguments that its `inputSchema` wants repeated in headers, over modern HTTP. None where it breaks the rules. */
  get paramHeaders(): readonly ParamHeader[] {
    return (this.#paramHeaders ??= this.#readParamHeaders())
  }

  /** Few schemas ask for headers, and the text tells at once which do. */
  #readParamHeaders(): readonly ParamHeader[] {
    if (!this.bytes.includes(PARAM_HEADER)) return NO_HEADERS
    const { inputSchema } = this.definition
    const found = paramHeaders(isObject(inputSchema) ? inputSchema : {})
    return found.valid ? found.headers : NO_HEADERS
  }
}

const NO_HEADERS: readonly ParamHeader[] = []

/** An ordered, immutable list of tools. */
export class ToolList {
  readonly tools: readonly UpstreamTool[]
  /** JSON array text of all tools: what the store keeps. */
  readonly bytes: Buffer
  /** Tools that were left out, a sentence each. */
  readonly warnings: readonly string[]

  constructor({ items, bytes, warnings }: BuiltList<UpstreamTool>) {
    this.tools = items
    this.bytes = bytes
    this.warnings = warnings
  }

  /** `bytes` as a string, made anew at each reading. */
  get text(): string {
    return this.bytes.toString('utf8')
  }
}

export interface ToolListOptions {
  /** Over modern HTTP a tool whose `x-mcp-header` breaks the rules must be left out (2026-07-28, Streamable HTTP). */
  paramHeaders?: boolean
}

/** What makes a tool that clients can use. One bad definition makes strict clients refuse the whole list. */
export function toolRules(options: ToolListOptions = {}): ListRules<UpstreamTool> {
  return {
    member: 'tools',
    noun: 'tool',
    keyMember: 'name',
    keyNoun: 'name',
    faultOf: ({ inputSchema }) => {
      if (!isObject(inputSchema) || inputSchema.type !== 'object') {
        return 'its inputSchema is not an object with "type": "object"'
      }
      const headers = options.paramHeaders === true ? paramHeaders(inputSchema) : undefined
      return headers?.valid === false ? headers.reason : undefined
    },
    create: (key, list, start, end) => new UpstreamTool(key, list, start, end),
  }
}

/** The list that the store kept: the JSON array text of an earlier list. */
export function parseToolList(text: string): ToolList {
  return new ToolList(readBuilt(toolRules(), Buffer.from(text)))
}

export const emptyToolList: ToolList = parseToolList('[]')
