import type { z } from 'zod'
import type { NewRestIntegration } from '../../../shared/contract/integrations.ts'
import type { ImportDiff, OpenApiPreview } from '../../../shared/contract/openapi.ts'
import type { NewRestSource } from '../../../shared/contract/rest.ts'
import { AppError } from '../../base/app-error.ts'
import type { CommandContext } from '../command-context.ts'
import { describeConnection } from '../describe-connection.ts'
import { describeImportDiff } from '../describe-import-diff.ts'
import { describePreview, warningLines } from '../describe-preview.ts'
import { readOpenApiFile } from '../openapi-document.ts'
import { asTool } from '../../rest/openapi/mapping/preview-tool.ts'
import { fetchSource, previewOfSource } from '../openapi-preview.ts'
import type { Client } from '../running-gateway.ts'
import { selectOperations } from '../select-operations.ts'
import { UsageError } from '../usage-error.ts'
import { waitForConnection } from '../wait-for-connection.ts'
import { withClient } from '../with-client.ts'
import { counted } from '../words.ts'

export interface ImportOpenApiOptions {
  select?: string[]
  with?: string[]
  preview?: boolean
  update?: boolean
  baseUrl?: string
  bearerStdin?: boolean
  apiKeyStdin?: boolean
  basicStdin?: boolean
  yes?: boolean
}

type Input = z.input<typeof NewRestIntegration>
/** A document that was read, and what importing it gives. */
interface Read {
  source: NewRestSource
  preview: OpenApiPreview
}

/** Makes an integration of an OpenAPI or Swagger document, brings one up to date, or shows what that would give. */
export async function importOpenApi(
  context: CommandContext,
  target: string | undefined,
  name: string | undefined,
  options: ImportOpenApiOptions,
): Promise<number> {
  if (options.update) return await update(context, name === undefined ? { name: target } : { target, name }, options)
  if (target === undefined) throw new UsageError('Give a file, a folder, a URL, or - for standard input.')
  if (options.preview) return await showPreview(context, target, options)
  if (name === undefined) throw new UsageError('Give the integration a name: gatehouse import openapi FILE NAME')
  return await create(context, target, name, options)
}

async function showPreview(context: CommandContext, target: string, options: ImportOpenApiOptions): Promise<number> {
  const { terminal } = context
  const { preview } = await readLocally(context, target, options)
  const { title, version, base_url, auth, warnings } = preview
  const selected = new Set(selectOperations(preview.tools, options.select))
  // All of them, unless somebody said which.
  const tools = options.select === undefined ? preview.tools : preview.tools.filter((tool) => selected.has(tool))
  terminal.answer({ title, version, base_url, auth, tools, warnings }, () =>
    describePreview(preview, selected, terminal),
  )
  hintAtFiles(context, preview, options)
  return 0
}

async function create(
  context: CommandContext,
  target: string,
  name: string,
  options: ImportOpenApiOptions,
): Promise<number> {
  const { terminal, signal } = context
  const { source, preview } = await readLocally(context, target, options)
  const selected = selectOperations(preview.tools, options.select)
  if (selected.length === 0) {
    const message = `No operation of this document is selected: ${preview.tools.length === 0 ? 'it has none that can be used' : 'none of them only reads'}. Choose with --select.`
    throw new AppError('invalid_input', { message })
  }
  const input: Input = {
    name,
    protocol: 'rest',
    display_name: preview.title.trim().slice(0, 80),
    description: preview.description.slice(0, 2000),
    rest: { ...preview.connection, base_url: baseUrl(preview, source, options), tools: selected.map(asTool), source },
    ...(await authentication(context, preview, target, options)),
  }
  const integration = await terminal.busy(`Adding ${name}`, () =>
    withClient(context, (client) => waitForConnection(client, signal, () => client.integrations.create(input))),
  )
  terminal.answer(integration, () => {
    const left = preview.tools.length - selected.length
    const others = left > 0 ? ` ${counted(left, 'operation')} left out; --select chooses.` : ''
    return `Added ${name} with ${counted(selected.length, 'tool')}.${others} ${describeConnection(integration)}`
  })
  if (preview.warnings.length > 0) terminal.note(warningLines(preview.warnings, terminal))
  hintAtFiles(context, preview, options)
  return 0
}

async function update(
  context: CommandContext,
  { target, name }: { target?: string | undefined; name: string | undefined },
  options: ImportOpenApiOptions,
): Promise<number> {
  const { terminal, signal } = context
  if (name === undefined)
    throw new UsageError('Say which integration: gatehouse import openapi [FILE|URL] NAME --update')
  if (options.baseUrl !== undefined || authFlags(options).length > 0) {
    throw new UsageError('--update changes the tools alone; leave out the address and the credentials.')
  }
  if (!options.preview && !options.yes && !terminal.interactive) {
    throw new UsageError('Look at the changes with --preview, then say --yes.')
  }
  const given = await documentInput(context, target, options)
  return await withClient(context, async (client) => {
    const diff = await terminal.busy('Comparing', () => client.openapi.check({ name, ...given }, { signal }))
    // What was not chosen at an earlier import comes only where it is asked for.
    const pool = options.select === undefined ? diff.added : [...diff.added, ...diff.available]
    const added = pool.length === 0 ? [] : selectOperations(pool, options.select)
    const changes = diff.changed.length + diff.removed.length + added.length
    if (options.preview) {
      terminal.answer(diff, () => describeImportDiff(diff, added, terminal))
      return 0
    }
    if (terminal.interactive && !options.yes) {
      terminal.note(describeImportDiff(diff, added, terminal))
      if (!(await terminal.confirm(`Apply ${counted(changes, 'change')} to ${name}?`, signal))) {
        terminal.note('Nothing was changed.')
        return 0
      }
    }
    await applyDiff(
      client,
      { name, ...given },
      diff,
      added.map((tool) => tool.name),
      signal,
    )
    terminal.answer(diff, () => (options.yes ? describeImportDiff(diff, added, terminal) : `${name} is up to date.`))
    return 0
  })
}

async function applyDiff(
  client: Client,
  given: Awaited<ReturnType<typeof documentInput>> & { name: string },
  diff: ImportDiff,
  add: string[],
  signal: AbortSignal,
): Promise<void> {
  const change = diff.changed.map(({ tool }) => tool)
  const remove = diff.removed.map(({ tool }) => tool)
  await client.openapi.apply({ ...given, sha256: diff.source.sha256, add, change, remove }, { signal })
}

/** The document that an update compares with; nothing: that from where it came last. */
async function documentInput(
  context: CommandContext,
  target: string | undefined,
  options: ImportOpenApiOptions,
): Promise<{ spec?: string; url?: string; files?: Record<string, string> }> {
  if (target === undefined) return {}
  if (isUrl(target)) return { url: target }
  const { document, files } = await readOpenApiFile(context, target, options.with ?? [])
  return { spec: document, ...(files && { files }) }
}

async function readLocally(context: CommandContext, target: string, options: ImportOpenApiOptions): Promise<Read> {
  const { terminal, signal } = context
  return await terminal.busy('Reading the document', async () => {
    const source = isUrl(target)
      ? await fetchSource(target, signal)
      : await readOpenApiFile(context, target, options.with ?? [])
    return { source, preview: await previewOfSource(context, source) }
  })
}

function isUrl(target: string): boolean {
  return /^https?:\/\//i.test(target)
}

/** The address of the API: as typed, else as the document says, which may be relative to where it came from. */
function baseUrl(
  { base_url }: OpenApiPreview,
  { url }: NewRestSource,
  { baseUrl: typed }: ImportOpenApiOptions,
): string {
  if (typed !== undefined) return typed
  const whole = url === undefined ? base_url : (URL.parse(base_url, url)?.href ?? base_url)
  if (isUrl(whole)) return whole.replace(/\/$/, '')
  const why = base_url === '' ? 'The document names no server' : `The document says only ${base_url} of its server`
  throw new UsageError(`${why}. Give the address of the API: --base-url https://api.example.com`)
}

function authFlags(options: ImportOpenApiOptions): string[] {
  return [
    options.bearerStdin ? '--bearer-stdin' : '',
    options.apiKeyStdin ? '--api-key-stdin' : '',
    options.basicStdin ? '--basic-stdin' : '',
  ].filter((flag) => flag !== '')
}

/** As the document proposes it, with the credential that was given. */
async function authentication(
  { terminal }: CommandContext,
  { auth: proposed, auth_options: proposals }: OpenApiPreview,
  target: string,
  options: ImportOpenApiOptions,
): Promise<Pick<Input, 'auth_type' | 'auth_header_prefix' | 'auth' | 'credentials'>> {
  const [flag, ...more] = authFlags(options)
  const { auth_type, auth_header_prefix, auth } = proposed
  if (flag === undefined) {
    if (auth_type !== 'none')
      terminal.note(`The API asks for ${auth_type} credentials. Enter them on its Connection tab.`)
    return { auth_type, auth_header_prefix, auth }
  }
  if (more.length > 0) throw new UsageError('Standard input holds one credential: give one of the flags for it.')
  if (target === '-')
    throw new UsageError(`${flag} reads standard input, and so does the document "-". Give it as a file.`)
  const secret = (await terminal.readInput()).trim()
  if (secret === '') throw new UsageError(`${flag} found nothing on standard input.`)
  const wanted = { '--bearer-stdin': 'bearer', '--api-key-stdin': 'api_key', '--basic-stdin': 'basic' } as const
  const type = wanted[flag as keyof typeof wanted]
  const found = [proposed, ...proposals].find((one) => one.auth_type === type)
  const as = found && { auth_header_prefix: found.auth_header_prefix, auth: found.auth }
  if (type === 'bearer') return { auth_type: type, ...as, credentials: { api_token: secret } }
  if (type === 'api_key') return { auth_type: type, ...as, credentials: { api_key: secret } }
  const colon = secret.indexOf(':')
  if (colon === -1) throw new UsageError('--basic-stdin reads USER:PASSWORD.')
  return {
    auth_type: type,
    ...as,
    credentials: { username: secret.slice(0, colon), password: secret.slice(colon + 1) },
  }
}

/** Nothing but what is given is read, so a person has to know how to give it. */
function hintAtFiles({ terminal }: CommandContext, { warnings }: OpenApiPreview, options: ImportOpenApiOptions): void {
  if (options.with !== undefined || !warnings.some(({ message }) => message.includes('was not given'))) return
  terminal.note(
    'Files that the document refers to are not read by themselves. Give them by --with, or give their folder.',
  )
}
