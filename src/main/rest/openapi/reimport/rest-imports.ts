import { createHash } from 'node:crypto'
import type { Integration, IntegrationChanges } from '../../../../shared/contract/integrations.ts'
import type { ImportDiff } from '../../../../shared/contract/openapi.ts'
import type { Profile } from '../../../../shared/contract/profiles.ts'
import type { NewRestSource, RestSource } from '../../../../shared/contract/rest.ts'
import { AppError } from '../../../base/app-error.ts'
import type { ImportChoice } from './apply-import.ts'
import { withoutSecrets } from '../export/exported-api.ts'
import { callsHit, profilesHit, staleEntries } from './import-hits.ts'
import type { Comparison, importTasks, ImportTask } from '../import-tasks.ts'

type Tasks = typeof importTasks
type Answer<Value> = Value | Promise<Value>
type KeptSource = RestSource & Pick<NewRestSource, 'document' | 'files'>

interface RestImportsOptions {
  integrations: {
    /** With its tools. */
    get(workspace: string, name: string): Answer<Integration>
    update(workspace: string, name: string, changes: IntegrationChanges): Promise<unknown>
    /** What its tools were imported from, with its text. */
    source(workspace: string, name: string): Promise<KeptSource | undefined>
    /** Gets a document, with the credentials of the integration where `url` has the origin of its base URL. */
    fetchDocument(workspace: string, name: string, url: string, signal: AbortSignal): Promise<string>
  }
  profiles: { list(workspace: string): Answer<Profile[]> }
  calls: {
    byTool(
      workspace: string,
      integration: string,
      days: number,
    ): Promise<{ tool: string; count: number; last_at: number }[]>
  }
  /** Does it in a thread of its own, within limits. */
  reader: {
    compare(task: ImportTask, signal: AbortSignal): Promise<Comparison>
    apply(task: ImportTask & { choice: ImportChoice }, signal: AbortSignal): Promise<ReturnType<Tasks['apply']>>
    export(task: Parameters<Tasks['export']>[0], signal: AbortSignal): Promise<string>
  }
  /** By which the gateway serves a tool. */
  gatewayName: (slug: string, tool: string) => string
  /** Replaces every secret that the vault knows. */
  redact: (text: string) => string
}

/** Which document: one that is given, one at an address, or, without either, from where it came last. */
interface Given {
  name: string
  spec?: string | undefined
  url?: string | undefined
  files?: Record<string, string> | undefined
}

type RestIntegration = Integration & { rest: NonNullable<Integration['rest']> }

/** Calls that are told of, before today. */
const CALL_DAYS = 7

/** Integrations and the documents that they were made of: what has changed, taking it over, and the way out. */
export class RestImports {
  readonly #options: RestImportsOptions

  constructor(options: RestImportsOptions) {
    this.#options = options
  }

  /** What a newer document changes. Writes nothing. */
  async check(workspace: string, given: Given, signal: AbortSignal): Promise<ImportDiff> {
    const { reader, profiles: service, calls, gatewayName } = this.#options
    const integration = await this.#rest(workspace, given.name)
    const { task, source } = await this.#compared(workspace, integration, given, signal)
    const { format, warnings, ...diff } = await reader.compare(task, signal)
    const profiles = await service.list(workspace)
    const hit = {
      integration,
      changed: diff.changed.map(({ tool }) => tool),
      removed: diff.removed.map(({ tool }) => tool),
      gatewayName: (tool: string) => gatewayName(given.name, tool),
    }
    const { kind, name, url } = source
    return {
      ...diff,
      source: {
        kind,
        ...(name !== undefined && { name }),
        ...(url !== undefined && { url }),
        sha256: sha256(task.newer.text),
        format,
      },
      profiles: profilesHit(profiles, hit),
      calls: callsHit(await calls.byTool(workspace, given.name, CALL_DAYS), hit),
      warnings: [...staleEntries(profiles, hit), ...warnings],
    }
  }

  /** Takes over what was chosen of the same document, which is the one to compare with from then on. */
  async apply(workspace: string, given: Given & ImportChoice & { sha256: string }, signal: AbortSignal): Promise<void> {
    const { reader, integrations } = this.#options
    const integration = await this.#rest(workspace, given.name)
    const { task, source } = await this.#compared(workspace, integration, given, signal)
    if (sha256(task.newer.text) !== given.sha256) {
      throw new AppError('in_use', {
        message: 'The document is not the one that was checked: it has changed since. Check for changes again.',
        details: [{ path: 'sha256', message: 'This is of another document.' }],
        integration: given.name,
      })
    }
    const { add, change, remove } = given
    const tools = await reader.apply({ ...task, choice: { add, change, remove } }, signal)
    const now = await this.#rest(workspace, given.name)
    if (now.updated_at !== integration.updated_at) {
      const message = `${given.name} was changed by somebody else at the same moment. Check for changes again.`
      throw new AppError('in_use', { message, integration: given.name })
    }
    const { tools: _, source: __, ...settings } = now.rest
    await integrations.update(workspace, given.name, { rest: { ...settings, tools, source } })
  }

  /** The integration as an OpenAPI 3.1 document without any secret. */
  async export(
    workspace: string,
    name: string,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Record<string, unknown>> {
    const { reader, redact } = this.#options
    const { rest, display_name, description, auth_type, auth_header_prefix, auth } = await this.#rest(workspace, name)
    const { tools = [], ...settings } = rest
    const whole = { name, display_name, description, auth_type, auth_header_prefix, auth, rest: settings, tools }
    const text = await reader.export(withoutSecrets(whole, redact), signal)
    return JSON.parse(redact(text)) as Record<string, unknown>
  }

  async #rest(workspace: string, name: string): Promise<RestIntegration> {
    const integration = await this.#options.integrations.get(workspace, name)
    if (integration.rest !== null) return { ...integration, rest: integration.rest }
    const message = `${name} is an MCP server, which says itself what tools it has. Only REST APIs come from OpenAPI documents.`
    throw new AppError('invalid_input', { message, details: [{ path: 'name', message }], integration: name })
  }

  async #compared(
    workspace: string,
    { name, rest }: RestIntegration,
    given: Given,
    signal: AbortSignal,
  ): Promise<{ task: ImportTask; source: NewRestSource }> {
    const former = await this.#options.integrations.source(workspace, name)
    const source = await this.#newSource(workspace, former, given, signal)
    const { document: text, files } = source
    const newer = { text, files }
    return {
      task: { former: former ? { text: former.document, files: former.files } : null, newer, tools: rest.tools ?? [] },
      source,
    }
  }

  async #newSource(
    workspace: string,
    former: KeptSource | undefined,
    { name, spec, url, files }: Given,
    signal: AbortSignal,
  ): Promise<NewRestSource> {
    if (spec !== undefined && url !== undefined) {
      const message = 'Give the document or its address, not both.'
      throw new AppError('invalid_input', { message, details: [{ path: 'url', message }] })
    }
    if (spec !== undefined) {
      const file =
        former?.kind === 'file' && former.name !== undefined
          ? { kind: 'file' as const, name: former.name }
          : { kind: 'text' as const }
      return { ...file, document: spec, ...(files && { files }) }
    }
    const address = url ?? former?.url
    if (address === undefined) {
      const message = 'Nobody knows where the document came from. Give its newer version, or its address.'
      throw new AppError('invalid_input', { message, details: [{ path: 'url', message }], integration: name })
    }
    const document = await this.#options.integrations.fetchDocument(workspace, name, address, signal)
    // What was dropped beside it last time is still what it refers to.
    const beside = files ?? former?.files
    return { kind: 'url', url: address, document, ...(beside && { files: beside }) }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
