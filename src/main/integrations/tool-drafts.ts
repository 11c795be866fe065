import type { RestConnectionDraft } from '../../shared/contract/integrations.ts'
import type { RestToolPreview, RestTry, ToolDraft } from '../../shared/contract/openapi.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import type { RestDraft } from './connection-tests.ts'
import { restToolProblems } from './rest-rules.ts'
import { refuse } from './refuse.ts'

type Arguments = Readonly<Record<string, unknown>>

interface ToolDraftsOptions {
  trials: {
    /** Secrets and tools that the draft leaves out come from the integration that it names. */
    restDraft(workspace: string, draft: RestConnectionDraft, tool: RestTool): RestDraft
  }
  /** The request that a tool makes. Nothing is sent. */
  preview: (connection: RestDraft, tool: RestTool, args: Arguments) => Promise<RestToolPreview>
  /** Sends it. */
  call: (connection: RestDraft, tool: RestTool, args: Arguments, signal: AbortSignal) => Promise<RestTry>
}

/** Tools that somebody is just writing. */
export class ToolDrafts {
  readonly #options: ToolDraftsOptions

  constructor(options: ToolDraftsOptions) {
    this.#options = options
  }

  /** What is wrong with the tool is a part of the answer. */
  async preview(workspace: string, { connection, tool, arguments: args }: ToolDraft): Promise<RestToolPreview> {
    const { trials, preview } = this.#options
    return await preview(trials.restDraft(workspace, connection, tool), tool, args)
  }

  async try(
    workspace: string,
    { connection, tool, arguments: args }: ToolDraft,
    signal: AbortSignal,
  ): Promise<RestTry> {
    const { trials, call } = this.#options
    refuse(
      restToolProblems([tool]).map(({ path, message }) => ({ path: path.replace(/^rest\.tools\.0/, 'tool'), message })),
    )
    return await call(trials.restDraft(workspace, connection, tool), tool, args, signal)
  }
}
