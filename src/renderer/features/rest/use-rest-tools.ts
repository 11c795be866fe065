import { useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import type { Client } from '../../client.ts'
import { useConsole, useIntegrations, useSystem } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import type { Stores } from '../../stores/stores.ts'
import { useLoad } from '../../stores/use-load.ts'

/** A REST integration with its tools, which lists and events leave out: loaded where it is shown, and again after changes. */
export function useRestTools(slug: string): {
  integration: Integration | undefined
  problem: Problem | undefined
  retry: () => void
} {
  const { client } = useConsole()
  const changed = useIntegrations((state) => state.byName[slug]?.updated_at)
  const online = useSystem((state) => state.link === 'online')
  const [loaded, setLoaded] = useState<Integration>()
  const { problem, retry } = useLoad({
    version: JSON.stringify([slug, changed]),
    wanted: online && changed !== undefined,
    load: (signal) => client.integrations.get({ name: slug }, { signal }),
    keep: setLoaded,
  })
  return { integration: loaded?.name === slug ? loaded : undefined, problem, retry }
}

export interface ToolChange {
  client: Client
  stores: Stores
  slug: string
  /** The tools as they are to be; undefined: they cannot be changed like that any more. */
  change: (tools: readonly RestTool[]) => RestTool[] | undefined
}

/** Changes the tools of an integration as they are now; what somebody else did to the others meanwhile stays. */
export async function changeTools({ client, stores, slug, change }: ToolChange): Promise<Problem | undefined> {
  try {
    const { rest } = await client.integrations.get({ name: slug })
    if (!rest) throw new Error(`${slug} is no REST API.`)
    const { tools: before = [], source: _source, ...settings } = rest
    const tools = change(before)
    if (!tools) {
      const message = 'Somebody else changed this tool meanwhile. Open it again to see how it is now.'
      return { code: 'conflict', message, details: [] }
    }
    stores.integrations
      .getState()
      .put(withoutTools(await client.integrations.update({ name: slug, rest: { ...settings, tools } })))
    stores.tools.getState().invalidate(slug)
    return undefined
  } catch (cause) {
    const problem = problemOf(cause)
    const told = problem.details.map(({ message }) => message).join(' ')
    return told === '' || problem.message.includes(told)
      ? problem
      : { ...problem, message: `${problem.message} ${told}` }
  }
}

/** As lists have it. */
function withoutTools(integration: Integration): Integration {
  if (!integration.rest) return integration
  const { tools: _tools, ...rest } = integration.rest
  return { ...integration, rest }
}
