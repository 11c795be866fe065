import type { ConnectionDraft, RestConnectionDraft, TestResult, TestStep } from '../../shared/contract/integrations.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import type { ConnectionTests, RestDraft } from './connection-tests.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { HeldIntegrations } from './held-integrations.ts'
import type { IntegrationRules } from './integration-rules.ts'
import { isSystem } from './system-integrations.ts'

interface IntegrationTrialsOptions {
  held: HeldIntegrations
  rules: IntegrationRules
  tests: ConnectionTests
}

/** Connections of their own, to see whether settings work: those that are stored, or a draft of others. */
export class IntegrationTrials {
  readonly #options: IntegrationTrialsOptions

  constructor(options: IntegrationTrialsOptions) {
    this.#options = options
  }

  /** Tries the stored settings in a connection of its own. */
  async test(workspace: string, name: string, signal = new AbortController().signal): Promise<TestResult> {
    const held = this.#options.held.require(workspace, name)
    const tools = held.offer.tools.tools.map((tool) => tool.name)
    // Nothing to connect to: each of its channels has an address of its own.
    if (isSystem(held.record) && held.record.rest.base_url === '') return nothingToTest(tools)
    const result = await this.#options.tests.ofStored(held, signal)
    return result.ok && isSystem(held.record) ? { ...result, tool_count: tools.length, tool_names: tools } : result
  }

  /** Tries settings before they are stored; see ConnectionTests. */
  testDraft(
    workspace: string,
    draft: ConnectionDraft,
    signal = new AbortController().signal,
  ): AsyncGenerator<TestStep, TestResult> {
    return this.#options.tests.ofDraft(draft, this.#draftedOver(workspace, draft), signal)
  }

  /** A REST API as a draft describes it, to try `tool` with, or to fetch a document. */
  restDraft(workspace: string, draft: RestConnectionDraft, tool?: RestTool): RestDraft {
    const tools = tool === undefined ? draft.rest.tools : [tool]
    return this.#options.tests.restDraft(
      draft,
      this.#draftedOver(workspace, { ...draft, rest: { ...draft.rest, tools } }),
    )
  }

  /** A stored REST API with its secrets, to fetch a document with. Throws `vault_locked`. Undefined: it is an MCP server. */
  restAccess(workspace: string, name: string): RestDraft | undefined {
    return this.#options.tests.restAccess(this.#options.held.require(workspace, name))
  }

  /** The integration that a draft changes, if it names one. Throws when the draft may not be tried at all. */
  #draftedOver(workspace: string, draft: ConnectionDraft): HeldIntegration | undefined {
    this.#options.rules.requirePlan(workspace)
    this.#options.rules.refuseOwnAddress(draft, draft.protocol === 'rest' ? draft.rest.tools : [])
    return draft.name === undefined ? undefined : this.#options.held.find(workspace, draft.name)
  }
}

function nothingToTest(tools: string[]): TestResult {
  const message = 'It has no address of its own, so there is nothing to connect to. Test its channels.'
  const step = { step: 'list', state: 'ok', message: `${tools.length} tools`, duration_ms: 0 } as const
  return {
    ok: true,
    suggested_transport: null,
    suggested_auth: null,
    message,
    error: null,
    steps: [step],
    tool_count: tools.length,
    tool_names: tools,
    protocol_version: null,
    server_info: null,
    duration_ms: 0,
  }
}
