import { NewMcpIntegration } from '../../shared/contract/integrations.ts'
import { looksSecret } from '../../shared/secret-names.ts'
import { issueDetails } from '../base/issue-details.ts'
import { expand, type PlaceholderStyle } from './placeholders.ts'
import type { Place } from './place.ts'
import type { FromEnvironment, ServerEntry } from './server-entry.ts'
import { slugOf } from './slug-of.ts'

interface EntryContext {
  place: Place
  placeholders: PlaceholderStyle
}

type Reading = { input: NewMcpIntegration } | { problem: string }

/**
 * The integration that an entry of a client becomes, or why it can't. What looks like a secret in `env` and `headers`
 * becomes a credential, which the vault keeps; so does what a client takes out of a variable that is named like a secret.
 */
export function integrationOfEntry(name: string, entry: ServerEntry, context: EntryContext): Reading {
  const values = new EntryValues(context)
  const connection = entry.kind === 'command' ? commandConnection(entry, values) : remoteConnection(entry, values)
  const problem = values.problem() ?? (entry.kind === 'command' ? envFileProblem(entry) : undefined)
  if (problem !== undefined) return { problem }
  const slug = slugOf(name)
  const parsed = NewMcpIntegration.safeParse({
    name: slug,
    display_name: slug === name ? '' : name.slice(0, 80),
    enabled_tools: entry.enabledTools,
    disabled_tools: entry.disabledTools,
    ...connection,
  })
  if (parsed.success) return { input: parsed.data }
  const [first] = issueDetails(parsed.error.issues)
  return { problem: first ? `${first.path}: ${first.message}` : parsed.error.message }
}

function commandConnection(entry: ServerEntry & { kind: 'command' }, values: EntryValues) {
  const { plain, secret } = values.split(entry.env, entry.envFromEnvironment)
  return {
    mcp: {
      transport: 'stdio',
      command: values.open(entry.command),
      args: entry.args.map((argument) => values.open(argument)),
      env: plain,
      ...(entry.cwd === undefined ? {} : { cwd: values.open(entry.cwd) }),
    },
    ...(isEmpty(secret) ? {} : { credentials: { env: secret } }),
  }
}

function remoteConnection(entry: ServerEntry & { kind: 'remote' }, values: EntryValues) {
  const { plain, secret } = values.split(entry.headers, entry.headersFromEnvironment)
  const mcp = { transport: entry.transport, server_url: values.open(entry.url), headers: plain }
  const authorization = Object.keys(secret).find((name) => name.toLowerCase() === 'authorization')
  const bearer = authorization && /^Bearer +(\S+)$/i.exec(secret[authorization] ?? '')?.[1]
  const token = entry.tokenVariable === undefined ? bearer : values.variable(entry.tokenVariable)
  if (!token) return { mcp, ...(isEmpty(secret) ? {} : { credentials: { headers: secret } }) }
  const headers = Object.fromEntries(Object.entries(secret).filter(([name]) => !bearer || name !== authorization))
  return { mcp, auth_type: 'bearer', credentials: { api_token: token, ...(isEmpty(headers) ? {} : { headers }) } }
}

function envFileProblem({ envFile }: ServerEntry & { kind: 'command' }): string | undefined {
  if (envFile === undefined) return undefined
  return `It reads variables from ${envFile}. Write them into its env, so that the secret ones reach the vault.`
}

/** Fills in placeholders and collects what it could not. */
class EntryValues {
  readonly #context: EntryContext
  readonly #missing = new Set<string>()
  readonly #exposed = new Set<string>()

  constructor(context: EntryContext) {
    this.#context = context
  }

  /** A value that stands in the open: a secret must not get there from the environment. */
  open(text: string): string {
    const expansion = this.#expand(text)
    for (const variable of expansion.variables) if (looksSecret(variable, '')) this.#exposed.add(variable)
    return expansion.text
  }

  variable(name: string): string {
    const { text, missing } = expand(`\${${name}}`, 'default', this.#context.place)
    if (missing.length > 0) this.#missing.add(name)
    return missing.length > 0 ? '' : text
  }

  split(values: Record<string, string>, fromEnvironment: FromEnvironment) {
    const plain: Record<string, string> = {}
    const secret: Record<string, string> = {}
    for (const [name, value] of Object.entries(values)) {
      const { text, variables } = this.#expand(value)
      const isSecret = looksSecret(name, text) || variables.some((variable) => looksSecret(variable, text))
      // An empty secret is none, and the vault takes none.
      if (isSecret && text !== '') secret[name] = text
      else plain[name] = text
    }
    for (const { name, variable } of fromEnvironment) {
      const value = this.variable(variable)
      if (looksSecret(name, value) || looksSecret(variable, value)) secret[name] = value
      else plain[name] = value
    }
    return { plain, secret }
  }

  problem(): string | undefined {
    if (this.#missing.size > 0) {
      return (
        `It uses ${[...this.#missing].join(', ')}, which Gatehouse can't fill in. ` +
        'Set the variable where Gatehouse runs, or add this server by hand.'
      )
    }
    if (this.#exposed.size === 0) return undefined
    return (
      `It puts the value of ${[...this.#exposed].join(', ')} into its address or command line, where it could be read. ` +
      'Add this server by hand, with the secret as a header or an environment variable.'
    )
  }

  #expand(text: string) {
    const expansion = expand(text, this.#context.placeholders, this.#context.place)
    for (const written of expansion.missing) this.#missing.add(written)
    return expansion
  }
}

function isEmpty(values: object): boolean {
  return Object.keys(values).length === 0
}
