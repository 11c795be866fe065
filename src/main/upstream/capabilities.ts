import { isDeeperThan } from '../base/is-deeper-than.ts'
import { isObject } from '../base/is-object.ts'
import type { ListKind } from './upstream.ts'

/** A server's `ServerCapabilities`. */
export type Capabilities = Readonly<Record<string, unknown>>

/** What a person would call large is a hundred times less; it is sent with each opening of an agent. */
const MAX_BYTES = 65_536
const MAX_DEPTH = 100

/** Templates are a list of their own under the capability of resources. */
const CAPABILITY = { tools: 'tools', prompts: 'prompts', resources: 'resources', templates: 'resources' } as const

export function declares(capabilities: Capabilities, kind: ListKind): boolean {
  return isObject(capabilities[CAPABILITY[kind]])
}

/** Whether the server promised to tell when this list changes. */
export function announces(capabilities: Capabilities, kind: ListKind): boolean {
  const declared = capabilities[CAPABILITY[kind]]
  return isObject(declared) && declared.listChanged === true
}

/** Whether single resources can be subscribed to. */
export function offersSubscriptions({ resources }: Capabilities): boolean {
  return isObject(resources) && resources.subscribe === true
}

/** As it is kept. Of one that is too large the members that are small remain. */
export function readCapabilities(value: unknown): Capabilities {
  if (!isObject(value) || isDeeperThan(MAX_DEPTH, value)) return {}
  if (JSON.stringify(value).length <= MAX_BYTES) return value
  const members = Object.entries(value).slice(0, 100)
  return Object.fromEntries(members.filter(([, member]) => JSON.stringify(member).length <= MAX_BYTES / 100))
}
