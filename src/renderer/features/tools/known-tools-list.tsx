import { useNavigate } from '@tanstack/react-router'
import { memo, useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Profile } from '../../../shared/contract/profiles.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { usePlanLock, useRowHeight, useWritable } from '../../stores/console.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { useIntegrationActions } from '../integrations/use-integration-actions.ts'
import { KnownToolRow } from './known-tool-row.tsx'
import type { FoundGroup, ToolGroup } from './tool-groups.ts'
import { explainTools } from './why-hidden.ts'

type ListItem = GridItem & ({ heading: true; group: ToolGroup } | { heading?: false; tool: ToolSummary; open: boolean })

const HEADING_HEIGHT = 40
/** Until it is measured. */
const OPEN_HEIGHT = 220

/** Tools under their integrations, each with why agents see it or not and what can be done about that. */
export const KnownToolsList = memo(function KnownToolsList({
  groups,
  integrations,
  profile,
}: {
  groups: readonly FoundGroup[]
  integrations: Readonly<Record<string, Integration>>
  /** Of the agent as which the tools are seen. */
  profile: Profile | undefined
}) {
  const navigate = useNavigate()
  const actions = useIntegrationActions()
  const planLock = usePlanLock()
  const writable = useWritable()
  const rowHeight = useRowHeight()
  const [openTool, setOpenTool] = useState<string>()
  const explain = useMemo(() => explainTools(integrations, profile), [integrations, profile])
  const items = useMemo(
    () =>
      groups.flatMap(({ group, found }): ListItem[] => [
        { key: `heading ${group.integration}`, heading: true, group, height: HEADING_HEIGHT },
        ...found.map((tool): ListItem =>
          tool.gateway_name === openTool
            ? { key: tool.gateway_name, tool, open: true, height: OPEN_HEIGHT, measured: true }
            : { key: tool.gateway_name, tool, open: false, height: rowHeight },
        ),
      ]),
    [groups, openTool, rowHeight],
  )
  const blockedFor = (slug: string): string | undefined =>
    writable ? (integrations[slug]?.source === 'custom' ? planLock : undefined) : 'Reconnecting'

  const act = ({ integration, name, gateway_name }: ToolSummary, action: string): void => {
    switch (action) {
      case 'filter':
      case 'review':
        void navigate({ to: '/integrations/$slug/tools', params: { slug: integration }, search: { q: name } })
        return
      case 'profile':
        void navigate({ to: '/agents', search: { tab: 'profiles' } })
        return
      case 'enable':
        if (!blockedFor(integration)) void actions.setEnabled(integration, true)
        return
      case 'playground':
        void navigate({ to: '/playground', search: { tool: gateway_name } })
        return
    }
  }
  return (
    <VirtualGrid
      label="Tools"
      items={items}
      rowClassName="hover:bg-bg"
      onOpen={(item) => {
        if (!item.heading) setOpenTool(item.open ? undefined : item.tool.gateway_name)
      }}
      onAction={(item, action) => {
        if (!item.heading) act(item.tool, action)
      }}
    >
      {(item, active) => {
        if (item.heading) return <GroupHeading group={item.group} />
        const { exposed, words, mend } = explain(item.tool)
        return (
          <KnownToolRow
            tool={item.tool}
            exposed={exposed}
            words={words}
            mend={mend}
            open={item.open}
            active={active}
            height={rowHeight}
            blocked={blockedFor(item.tool.integration)}
          />
        )
      }}
    </VirtualGrid>
  )
})

function GroupHeading({ group: { integration, title, tools, exposed, tokens } }: { group: ToolGroup }) {
  return (
    <div role="rowheader" className="flex h-full items-end gap-2 border-b border-line px-6 pb-2 text-meta">
      <span className="truncate font-semibold">{title}</span>
      {title !== integration && <span className="truncate font-mono text-muted">{integration}</span>}
      <span className="flex-none text-muted tabular-nums">
        {exposed.toLocaleString('en')} of {countWords(tools.length, 'tool')}, about {countWords(tokens, 'token')}
      </span>
    </div>
  )
}
