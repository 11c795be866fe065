import type { Integration } from '../../../../shared/contract/integrations.ts'
import type { ImportDiff, ImportWarning } from '../../../../shared/contract/openapi.ts'
import type { Profile } from '../../../../shared/contract/profiles.ts'
import { compileToolFilter } from '../../../../shared/tool-filter.ts'

/** What is asked about: tools of one integration that an import changes or removes. */
interface HitTools {
  integration: Pick<Integration, 'name' | 'enabled_tools' | 'disabled_tools'>
  changed: readonly string[]
  removed: readonly string[]
  /** By which the gateway serves a tool of this integration. */
  gatewayName: (tool: string) => string
}

/** Profiles through which agents have tools that are changed or removed. */
export function profilesHit(profiles: readonly Profile[], hit: HitTools): ImportDiff['profiles'] {
  const { name: slug, enabled_tools, disabled_tools } = hit.integration
  const own = compileToolFilter(enabled_tools, disabled_tools)
  const served = [...hit.changed, ...hit.removed].filter((tool) => own.stateOf(tool) === 'allowed')
  return profiles.flatMap(({ name, integrations, ...filter }) => {
    if (integrations !== null && !integrations.includes(slug)) return []
    const profile = compileToolFilter(filter.enabled_tools, filter.disabled_tools)
    const tools = served.filter((tool) => profile.stateOf(hit.gatewayName(tool)) === 'allowed')
    return tools.length > 0 ? [{ name, tools: [...new Set(tools)] }] : []
  })
}

/** Filters that name a tool whose operation is gone: once it is removed, the entry means nothing. */
export function staleEntries(profiles: readonly Profile[], hit: HitTools): ImportWarning[] {
  const { enabled_tools, disabled_tools } = hit.integration
  const lists: [where: string, entries: readonly string[], nameOf: (tool: string) => string][] = [
    ['enabled_tools of this integration', enabled_tools, (tool) => tool],
    ['disabled_tools of this integration', disabled_tools, (tool) => tool],
    ...profiles.flatMap(({ name, ...profile }): typeof lists => [
      [`enabled_tools of the profile ${name}`, profile.enabled_tools, hit.gatewayName],
      [`disabled_tools of the profile ${name}`, profile.disabled_tools, hit.gatewayName],
    ]),
  ]
  return lists.flatMap(([where, entries, nameOf]) => {
    const known = new Set(entries)
    const named = hit.removed.filter((tool) => known.has(nameOf(tool)))
    return named.map((tool) => ({
      message: `${where} names ${nameOf(tool)}, whose operation is gone. Take it out once the tool is removed.`,
      pointer: '',
      operation: null,
    }))
  })
}

/** Calls of one tool, by the name that was called: the gateway's, or its own at `/mcp/<slug>`. */
interface ToolCalls {
  tool: string
  count: number
  /** Milliseconds since 1970. */
  last_at: number
}

export function callsHit(calls: readonly ToolCalls[], hit: HitTools): ImportDiff['calls'] {
  const byName = new Map(calls.map((one) => [one.tool, one]))
  return [...new Set([...hit.changed, ...hit.removed])].flatMap((tool) => {
    const names = new Set([tool, hit.gatewayName(tool)])
    const found = [...names].flatMap((name) => byName.get(name) ?? [])
    if (found.length === 0) return []
    const count = found.reduce((total, one) => total + one.count, 0)
    return [{ tool, count, last_at: new Date(Math.max(...found.map((one) => one.last_at))).toISOString() }]
  })
}
