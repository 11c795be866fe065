import { members } from '../base/json-members.ts'
import { withFirstMember } from '../base/json-splice.ts'

export const MODERN_VERSION = '2026-07-28'

const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion'
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'

const OPEN_BRACE = 0x7b

export interface ClientInfo {
  name: string
  version: string
}

/** The `_meta` that every request to a modern server carries (2026-07-28, "Request metadata"), put in by splicing. */
export class ModernMeta {
  readonly #entries: Map<string, string>
  readonly #whole: string

  /** `clientInfo` and `capabilities` are JSON text: what the gateway itself is and can, for requests of its own. */
  constructor(version: string, clientInfo: string, capabilities = '{}') {
    this.#entries = new Map([
      [PROTOCOL_VERSION, JSON.stringify(version)],
      [CLIENT_CAPABILITIES, capabilities],
      [CLIENT_INFO, clientInfo],
    ])
    this.#whole = `"_meta":{${this.#text([...this.#entries.keys()])}}`
  }

  /** `params` (JSON text of an object) with the entries that it lacks; what it has stays. */
  addTo(params: Buffer): Buffer {
    const found = members(params)
    const meta = found.get('_meta')
    if (!meta) return withFirstMember(params, 0, this.#whole, found.size > 0)
    if (params[meta[0]] !== OPEN_BRACE) return params
    const present = members(params, meta[0])
    // Whoever states a version states the rest as well; ours would mix two senders.
    if (present.has(PROTOCOL_VERSION)) return params
    const missing = [...this.#entries.keys()].filter((key) => !present.has(key))
    return withFirstMember(params, meta[0], this.#text(missing), present.size > 0)
  }

  #text(keys: string[]): string {
    return keys.map((key) => `${JSON.stringify(key)}:${this.#entries.get(key) ?? 'null'}`).join(',')
  }
}
