import { useDeferredValue, useMemo, useState } from 'react'
import { useRowHeight } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { VirtualGrid } from '../../ui/virtual-grid.tsx'
import { nameOfTool, startsSelected, tokensOf, totalsOf, withEdit } from './chosen-tools.ts'
import { DocumentWarnings } from './document-warnings.tsx'
import { chosenTools, type ImportState } from './import-state.ts'
import { OperationDetails } from './operation-details.tsx'
import { allOperations, findOperations, groupByTag, searchableOperations } from './operation-list.ts'
import { OperationRow, TagRow } from './operation-row.tsx'
import { OperationsBar, SelectBar } from './operations-bar.tsx'
import { shareOf, toggled, withSelected } from './selection.ts'
import { namesOf, type TreeItem, treeItems } from './tree-items.ts'

/** The operations of a document as a tree by tag: which become tools, and how those are called. */
export function OperationsStep({
  state,
  problems,
  baseUrl,
  left,
  onChange,
}: {
  state: ImportState
  /** Names that are wrong or taken. */
  problems: ReadonlyMap<string, string>
  baseUrl: string
  /** Operations that are tools already and so are not listed. */
  left: number
  onChange: (changes: Partial<ImportState>) => void
}) {
  const { tools, preview, selected, edits, query, closedTags } = state
  const rowHeight = useRowHeight()
  const [openTool, setOpenTool] = useState<string>()
  const [showsWarnings, setShowsWarnings] = useState(false)
  /** The range that Shift extends: where it began, where it ends now, and what was selected before it. */
  const [range, setRange] = useState<{ anchor: string; head: string; base: ReadonlySet<string> }>()

  const q = useDeferredValue(query.q)
  const indexed = useMemo(() => searchableOperations(tools, edits), [tools, edits])
  // A list by selection that changed under the hand that selects would be a trap: it is made when it is asked for.
  const [listedFor, setListedFor] = useState({ selected, problems })
  const found = useMemo(() => findOperations(indexed, { ...query, q }, listedFor), [indexed, query, q, listedFor])
  const groups = useMemo(() => groupByTag(found, query.tag), [found, query.tag])
  const items = useMemo(
    () => treeItems(groups, { closed: closedTags, openTool, rowHeight }),
    [groups, closedTags, openTool, rowHeight],
  )
  const totals = useMemo(() => totalsOf(chosenTools({ tools, selected }), edits), [tools, selected, edits])

  const select = (next: ReadonlySet<string>): void => {
    setRange(undefined)
    onChange({ selected: next })
  }
  const setQuery = (changes: Partial<typeof query>): void => {
    if (changes.listed !== undefined) setListedFor({ selected, problems })
    onChange({ query: { ...query, ...changes } })
  }
  const extend = (from: TreeItem, to: TreeItem): void => {
    const { anchor, base } = range?.head === from.key ? range : { anchor: from.key, base: selected }
    const [start = 0, end = 0] = [anchor, to.key]
      .map((key) => items.findIndex((item) => item.key === key))
      .sort((one, other) => one - other)
    const between = items.slice(Math.max(start, 0), end + 1).filter((item) => item.kind === 'operation' || !item.open)
    setRange({ anchor, base, head: to.key })
    onChange({ selected: withSelected(base, between.flatMap(namesOf), true) })
  }
  const toggleTag = (tag: string, open: boolean): void => {
    const next = new Set(closedTags)
    if (open) next.delete(tag)
    else next.add(tag)
    onChange({ closedTags: next })
  }
  const foundNames = useMemo(() => found.map(({ name }) => name), [found])

  return (
    <>
      <OperationsBar
        tools={tools}
        query={query}
        totals={totals}
        problems={problems.size}
        warnings={preview.warnings.filter(({ operation }) => operation === null).length}
        unusable={preview.operation_count - preview.tools.length}
        left={left}
        onQuery={setQuery}
        onWarnings={() => setShowsWarnings(true)}
      />
      <SelectBar
        share={shareOf(selected, foundNames)}
        shown={found.length}
        total={tools.length}
        onSelect={(wanted) => select(withSelected(selected, foundNames, wanted))}
        onReading={() =>
          select(
            withSelected(
              withSelected(selected, foundNames, false),
              found.filter(startsSelected).map(({ name }) => name),
              true,
            ),
          )
        }
        onNone={() => select(new Set())}
        noneSelected={selected.size === 0}
        onClear={() => setQuery(allOperations)}
      />
      {items.length === 0 ? (
        <div className="flex-1">
          {tools.length === 0 ? (
            <EmptyState>
              {left > 0
                ? 'Every operation of this document is a tool already.'
                : 'This document has no operation that can be used.'}
            </EmptyState>
          ) : (
            <EmptyState action={<Button onClick={() => setQuery(allOperations)}>Clear filters</Button>}>
              Nothing matches.
            </EmptyState>
          )}
        </div>
      ) : (
        <VirtualGrid
          label="Operations"
          items={items}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          tree={{
            level: ({ kind }) => (kind === 'tag' ? 1 : 2),
            isOpen: (item) => (item.kind === 'tag' ? item.open : undefined),
            onOpen: (item, open) => item.kind === 'tag' && toggleTag(item.tag, open),
          }}
          selection={{
            isSelected: (item) => item.kind === 'operation' && selected.has(item.tool.name),
            onToggle: (item) => select(toggled(selected, namesOf(item))),
            onExtend: extend,
            onAll: () => select(withSelected(selected, foundNames, true)),
            // What is selected here is what is being made: Escape takes nothing of it away.
            onNone: () => undefined,
          }}
          onOpen={(item) => {
            if (item.kind === 'tag') toggleTag(item.tag, !item.open)
            else setOpenTool(item.open ? undefined : item.tool.name)
          }}
        >
          {(item, active) =>
            item.kind === 'tag' ? (
              <TagRow
                tag={item.tag}
                total={item.names.length}
                selected={item.names.filter((name) => selected.has(name)).length}
                share={shareOf(selected, item.names)}
                open={item.open}
                active={active}
                height={item.height}
              />
            ) : (
              <OperationRow
                tool={item.tool}
                name={nameOfTool(item.tool, edits)}
                tokens={tokensOf(item.tool, edits)}
                problem={problems.get(item.tool.name)}
                selected={selected.has(item.tool.name)}
                active={active}
                height={rowHeight}
                details={
                  item.open ? (
                    <OperationDetails
                      tool={item.tool}
                      edits={edits}
                      problem={problems.get(item.tool.name)}
                      baseUrl={baseUrl}
                      onEdit={(edit) => onChange({ edits: withEdit(edits, item.tool, edit) })}
                    />
                  ) : undefined
                }
              />
            )
          }
        </VirtualGrid>
      )}
      {showsWarnings && (
        <DocumentWarnings
          warnings={preview.warnings}
          unusable={preview.operation_count - preview.tools.length}
          onClose={() => setShowsWarnings(false)}
        />
      )}
    </>
  )
}
