import { RESERVED_SLUGS } from '../../shared/contract/words.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { AppError } from '../base/app-error.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { Target } from './credentials.ts'
import { refuse } from './refuse.ts'
import type { SystemRegistry } from '../system/registry.ts'

interface IntegrationRulesOptions {
  workspaces: Pick<WorkspacesService, 'require'>
  registry: SystemRegistry
  /** Whether a URL leads to this gateway itself. */
  isOwnAddress: (url: URL) => boolean
}

/** What may be made and changed, beyond what the fields themselves say. Each throws when it may not. */
export class IntegrationRules {
  readonly #options: IntegrationRulesOptions

  constructor(options: IntegrationRulesOptions) {
    this.#options = options
  }

  requirePlan(workspace: string): void {
    const { plan } = this.#options.workspaces.require(workspace)
    if (plan === 'enterprise') return
    throw new AppError('plan_required', {
      message: `Custom integrations need the Enterprise plan; this workspace is on ${plan}. What is connected keeps serving.`,
    })
  }

  refuseReserved(name: string): void {
    const reserved = [...RESERVED_SLUGS, ...this.#options.registry.entries.map((entry) => entry.name)]
    if (reserved.includes(name)) refuse([{ path: 'name', message: `${name} is reserved. Choose another name.` }])
  }

  /**
   * Its own tools would come back under new names, which are new tools, and so on without end. Asked again at each
   * connection, since the gateway may listen elsewhere by then.
   */
  refuseOwnAddress(target: Target, tools: readonly RestTool[] = []): void {
    const own = addressesOf(target, tools).filter(([, url]) => this.#options.isOwnAddress(new URL(url)))
    refuse(
      own.map(([path]) => ({ path, message: 'This is the address of this gateway itself. Enter that of a server.' })),
    )
  }
}

/** Each with the field that it stands in. */
function addressesOf(target: Target, tools: readonly RestTool[]): [path: string, url: string][] {
  if (target.protocol === 'mcp') {
    return target.mcp.transport === 'stdio' ? [] : [['mcp.server_url', target.mcp.server_url]]
  }
  const ofTools = tools.flatMap(({ base_url: url }, index): [string, string][] =>
    url === undefined ? [] : [[`rest.tools.${index}.base_url`, url]],
  )
  // A system integration may have no address of its own.
  const base = target.rest.base_url
  return [...(base === '' ? [] : [['rest.base_url', base] satisfies [string, string]]), ...ofTools]
}
