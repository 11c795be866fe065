import { useDeferredValue, useMemo, useState } from 'react'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { usePreferences } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { withoutHidden } from '../../../shared/hidden-characters.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { findable, findTools } from './find-tools.ts'

interface ToolItem extends GridItem {
  tool: ToolSummary
}

/** Every tool of the gateway, with a search of which Enter opens the first. */
export function ToolList({
  tools,
  problem,
  onRetry,
  selected,
  onOpen,
}: {
  tools: readonly ToolSummary[] | null
  problem: Problem | undefined
  onRetry: () => void
  selected: string | undefined
  onOpen: (gatewayName: string) => void
}) {
  const [q, setQ] = useState('')
  const query = useDeferredValue(q)
  const height = usePreferences((state) => (state.density === 'compact' ? 40 : 48))
  const indexed = useMemo(() => findable(tools ?? []), [tools])
  const found = useMemo(() => findTools(indexed, query), [indexed, query])
  const items = useMemo(
    () => found.map((tool): ToolItem => ({ key: tool.gateway_name, height, tool })),
    [found, height],
  )
  const openFirst = (): void => {
    const [first] = findTools(indexed, q)
    if (first) onOpen(first.gateway_name)
  }
  return (
    <section aria-label="Tools" className="flex min-h-0 flex-1 flex-col">
      <div className="flex-none p-3">
        <SearchField label="Search tools" value={q} onChange={setQ} onEnter={openFirst} />
      </div>
      {tools === null ? (
        problem ? (
          <ErrorState title="The tools could not be loaded" problem={problem} onRetry={onRetry} />
        ) : (
          <SkeletonRows height={height} />
        )
      ) : items.length === 0 ? (
        tools.length === 0 ? (
          <EmptyState>No integration serves a tool yet.</EmptyState>
        ) : (
          <EmptyState action={<Button onClick={() => setQ('')}>Clear search</Button>}>Nothing matches.</EmptyState>
        )
      ) : (
        <VirtualGrid
          label="Tools"
          items={items}
          selectedKey={selected}
          rowClassName="hover:bg-sunken aria-selected:bg-accent-soft"
          onOpen={({ tool }) => onOpen(tool.gateway_name)}
        >
          {({ tool }) => <ToolCell tool={tool} selected={tool.gateway_name === selected} />}
        </VirtualGrid>
      )}
    </section>
  )
}

function ToolCell({ tool, selected }: { tool: ToolSummary; selected: boolean }) {
  return (
    <span role="gridcell" className="flex h-full flex-col justify-center border-b border-line px-3">
      <span
        className={classes('truncate font-mono text-code font-medium', selected && 'text-accent-ink')}
        title={tool.gateway_name}
      >
        {withoutHidden(tool.name)}
      </span>
      <span className={classes('truncate text-meta', selected ? 'text-accent-ink' : 'text-muted')}>
        <span className="mr-2 font-mono">{tool.integration}</span>
        {firstLine(tool)}
      </span>
    </span>
  )
}

function firstLine({ title, description }: ToolSummary): string {
  return withoutHidden((title ?? description).trimStart().split('\n', 1)[0]?.slice(0, 200) ?? '')
}
