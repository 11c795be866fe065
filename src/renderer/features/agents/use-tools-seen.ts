import { useMemo } from 'react'
import { useProfiles } from '../../stores/console.tsx'
import { useServedTools } from '../../stores/use-served-tools.ts'
import { type ToolsSeen, toolsSeen } from './tools-seen.ts'

/** What each profile shows, by its id, and under `null` what an agent without one sees. Undefined until the tools are known. */
export function useToolsSeen(): ReadonlyMap<string | null, ToolsSeen> | undefined {
  const { tools } = useServedTools()
  const profiles = useProfiles((state) => state.byId)
  return useMemo(() => {
    if (!tools) return undefined
    const entries = Object.values(profiles).map((profile) => [profile.id, toolsSeen(tools, profile)] as const)
    return new Map<string | null, ToolsSeen>([[null, toolsSeen(tools, undefined)], ...entries])
  }, [tools, profiles])
}
