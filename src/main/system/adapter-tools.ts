import type { OwnToolResult, OwnTools } from '../upstream/own-tools.ts'
import type { AdapterTool, SystemAccess } from './system-adapter.ts'

/** Tools in code, each called with the integration as it is set up in that moment. */
export function adapterTools(tools: readonly AdapterTool[], accessNow: () => SystemAccess): OwnTools {
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]))
  return {
    definitions: tools.map(({ definition }) => definition),
    call: async (name, args, signal) => {
      const tool = byName.get(name)
      if (tool === undefined) return { text: `There is no tool ${name}.`, isError: true }
      const access = accessNow()
      return redacted(await tool.call(access, args, signal), access)
    },
  }
}

/** Threat: a service that repeats a secret which it was sent. */
function redacted(result: OwnToolResult, access: SystemAccess): OwnToolResult {
  if ('text' in result) return { ...result, text: access.redact(result.text) }
  const text = JSON.stringify(result.structured)
  const clean = access.redact(text)
  return clean === text ? result : { structured: JSON.parse(clean) as Record<string, unknown> }
}
