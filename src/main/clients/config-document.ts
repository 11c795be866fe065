import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'

/** The fields of one server, as its client writes them. */
export type ServerFields = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>

/** One value that stands in a configuration. */
export interface Scalar {
  /** Names only: an element of a list is known by the name of the list. */
  path: readonly string[]
  /** The element before it in its list, where that is a text: `--token` in front of a token. */
  before: string | undefined
  value: string
  offset: number
  length: number
}

/**
 * A configuration as its text and its meaning. Changes give a new text in which everything else is as it was, comments,
 * order and white space included.
 */
export interface ConfigDocument {
  readonly text: string
  /** All of it. */
  readonly value: Readonly<Record<string, unknown>>
  /** What stands under the client's name for servers. */
  readonly servers: ReadonlyMap<string, unknown>
  readonly scalars: readonly Scalar[]
  /** Fields that are given replace those that are there; other fields that say how to connect go; the rest stays. */
  withServer(name: string, fields: ServerFields): string
  withoutServer(name: string): string
}

/** Reads a text; throws MalformedConfig. */
export type DocumentReader = (text: string, serversKey: string) => ConfigDocument

/** What is wrong with a text, and where: both count from 1. */
export class MalformedConfig extends Error {
  override readonly name = 'MalformedConfig'

  constructor(reason: string, text: string, offset: number) {
    const lines = text.slice(0, offset).split('\n')
    super(`${reason} (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`)
  }
}

/** Fields that say how to reach a server, whichever client writes them. A new connection replaces them as a whole. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'source',
  'command',
  'args',
  'env',
  'envFile',
  'env_vars',
  'cwd',
  'url',
  'serverUrl',
  'httpUrl',
  'headers',
  'http_headers',
  'env_http_headers',
  'bearer_token_env_var',
  'oauth',
  'enabled',
  'disabled',
])

/** Whether this field has to go when a server gets `fields`. */
export function isReplaced(field: string, fields: ServerFields): boolean {
  return CONNECTION_FIELDS.has(field) && !Object.hasOwn(fields, field)
}

/** Puts a server in; what cannot be done without touching something else is not done. */
export function withServer(
  read: DocumentReader,
  before: ConfigDocument,
  key: string,
  name: string,
  to: ServerFields,
): string {
  const text = before.withServer(name, to)
  const after = verified(read, before, text, key, [name])
  const written = after.servers.get(name)
  if (!isObject(written) || !Object.keys(to).every((field) => isDeepStrictEqual(plain(written[field]), to[field])))
    throw unsafe()
  return text
}

/** Takes servers out; nothing else changes. */
export function withoutServers(
  read: DocumentReader,
  before: ConfigDocument,
  key: string,
  names: readonly string[],
): string {
  let document = before
  for (const name of names) if (document.servers.has(name)) document = read(document.withoutServer(name), key)
  verified(read, before, document.text, key, names)
  if (names.some((name) => document.servers.has(name))) throw unsafe()
  return document.text
}

/** Reads what would be written as the client will: a file of the person's is at stake, so our own edits are not trusted. */
function verified(read: DocumentReader, before: ConfigDocument, text: string, key: string, touched: readonly string[]) {
  const after = read(text, key)
  const rest = (document: ConfigDocument) => {
    const others = Object.entries(document.value).filter(([name]) => name !== key)
    return [others, [...document.servers].filter(([name]) => !touched.includes(name))]
  }
  if (!isDeepStrictEqual(rest(before), rest(after))) throw unsafe()
  return after
}

function unsafe(): AppError {
  return new AppError('internal', {
    message: 'This configuration can not be changed without touching other parts of it, so nothing was written.',
  })
}

/** Readers make objects without a prototype, so that no name of a server means something else. */
function plain(value: unknown): unknown {
  return isObject(value) ? { ...value } : value
}
