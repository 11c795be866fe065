import type { SetupCheck } from '../../shared/contract/setup.ts'
import type { OwnToolDefinition, OwnToolResult } from '../upstream/own-tools.ts'

/** A request to the service of a system integration: below its base URL, with its credentials, CA and proxy. */
export interface SystemRequest {
  method: 'GET' | 'POST'
  /** Below the base URL, or an absolute URL of an origin that the registry entry allows. */
  path: string
  query?: readonly (readonly [name: string, value: string])[]
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as a form. */
  form?: readonly (readonly [name: string, value: string])[]
  /** Sent as it is, in place of the two. */
  bytes?: { type: string; content: Uint8Array }
  timeoutMs?: number
}

export interface SystemAnswer {
  status: number
  /** By lowercase name. */
  headers: ReadonlyMap<string, string>
  /** Parsed where it is JSON, else the text. At most 16 MiB. */
  body: unknown
}

/** A system integration as it is set up in one workspace. Asked for anew with each use, so that nothing old is used. */
export interface SystemAccess {
  workspace: string
  name: string
  way: string
  baseUrl: string
  /** What was given at the setup, defaults filled in. */
  values: Readonly<Record<string, unknown>>
  /** A secret by the name of its field. Throws `vault_locked`. */
  secret(field: string): string | undefined
  /**
   * Value of `Authorization`, renewed where it has to be; undefined: the way has none. `refused`: one that the service did
   * not accept, where it says so in its own manner; where there is no other one it is given again. Throws like
   * `TokenSource.renew`.
   */
  authorization(refused?: string): Promise<string | undefined>
  /** Rejects with AppError where there was no answer. Any status is an answer. */
  request(request: SystemRequest, signal: AbortSignal): Promise<SystemAnswer>
  /** Masks the secrets of this integration in a text. */
  redact(text: string): string
}

/** One tool in code. */
export interface AdapterTool {
  definition: OwnToolDefinition
  /** Only there where this field was given. */
  needs?: string
  /** Only with these ways. Left out: with all. */
  ways?: string[]
  call(access: SystemAccess, args: Record<string, unknown>, signal: AbortSignal): Promise<OwnToolResult>
}

/** What the registry entry of a system integration can not say: code, found by the entry's `adapter`. */
export interface SystemAdapter {
  /** Beside the entry's mappings. Those whose annotations are not read-only are off in new profiles. */
  readonly tools: readonly AdapterTool[]
  /**
   * Goes through what has to be right, one check after the other: each is told as running and then with its outcome. Does
   * not throw for anything that the service does. `access` may be of settings that are not stored yet.
   */
  verify(access: SystemAccess, signal: AbortSignal): AsyncIterable<SetupCheck>
}
