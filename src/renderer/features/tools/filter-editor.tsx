import { useBlocker, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Tool } from '../../../shared/contract/tools.ts'
import { usePlanLock, useRowHeight, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { extendTo, noSelection, selectRows, toggleRow } from '../../ui/row-selection.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import type { ToolActions } from '../rest/use-tool-actions.ts'
import { ApprovalBanner } from './approval-banner.tsx'
import { countMatches } from './entry-matches.ts'
import { FilterFooter } from './filter-footer.tsx'
import { FilterLists } from './filter-lists.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { shownOptions } from './shown-options.ts'
import { type Choice, compileChoices, withChoice } from './tool-filter.ts'
import { ToolRow } from './tool-row.tsx'
import { searchable, searchTools, type Shown } from './tool-search.ts'
import { useApproval } from './use-approval.ts'
import { useFilterDraft } from './use-filter-draft.ts'

interface ToolItem extends GridItem {
  tool: Tool
  open: boolean
}

const choiceKeys: Record<string, Choice> = { a: 'allow', b: 'block', c: 'default' }
/** Until it is measured. */
const OPEN_HEIGHT = 320

/** Which tools of an integration agents see: two lists, a choice for one tool or many, and what a save would change. */
export function FilterEditor({
  integration,
  tools,
  own,
  initialSearch,
  initiallyShown,
}: {
  integration: Integration
  tools: readonly Tool[]
  /** Its tools are made here, so they can be changed here. */
  own?: ToolActions
  initialSearch: string
  initiallyShown: Shown
}) {
  const navigate = useNavigate()
  const planLock = usePlanLock()
  const writable = useWritable()
  const rowHeight = useRowHeight()
  const [q, setQ] = useState(initialSearch)
  const [shown, setShown] = useState(initiallyShown)
  const [selection, setSelection] = useState(noSelection)
  const [openTool, setOpenTool] = useState<string>()
  const draft = useFilterDraft(integration, tools)
  const { approve, ...approval } = useApproval(integration.name)
  const { filter, effect } = draft

  const query = useDeferredValue(q)
  const names = useMemo(() => tools.map(({ name }) => name), [tools])
  const waiting = useMemo(() => tools.filter(({ change }) => change !== null), [tools])
  const matches = useMemo(() => countMatches(names), [names])
  const indexed = useMemo(() => searchable(tools, ({ name }) => name), [tools])
  const isExposed = useMemo(() => (tool: Tool) => effect.verdictOf(tool.name).state === 'allowed', [effect])
  const found = useMemo(() => searchTools(indexed, query, shown, isExposed), [indexed, query, shown, isExposed])
  const options = useMemo(() => shownOptions(tools, isExposed), [tools, isExposed])
  const choiceOf = useMemo(() => compileChoices(filter), [filter])
  const order = useMemo(() => found.map(({ name }) => name), [found])
  const blocked = writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'

  const items = useMemo(
    () =>
      found.map((tool): ToolItem =>
        tool.name === openTool
          ? { key: tool.name, tool, open: true, height: OPEN_HEIGHT, measured: true }
          : { key: tool.name, tool, open: false, height: rowHeight },
      ),
    [found, openTool, rowHeight],
  )

  const choose = (chosen: readonly string[], choice: Choice): void => {
    if (!blocked) draft.edit(withChoice(filter, chosen, choice))
  }
  /** In the order of the list; tools that are gone by now are left out. */
  const chooseSelected = (choice: Choice): void =>
    choose(
      names.filter((name) => selection.keys.has(name)),
      choice,
    )
  const save = (): void => {
    if (!blocked && draft.isDirty && !draft.saving) void draft.save()
  }
  useCommand('save', save)
  const { isDirty } = draft
  const blocker = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: false, withResolver: true })
  const clear = (): void => {
    setQ('')
    setShown('all')
  }

  return (
    <>
      <ApprovalBanner
        {...approval}
        waiting={waiting}
        blocked={blocked}
        onShow={
          shown === 'unapproved'
            ? undefined
            : () => {
                setQ('')
                setShown('unapproved')
              }
        }
        onApproveAll={() => approve(waiting)}
      />
      <FilterLists
        filter={filter}
        names={names}
        matches={matches}
        hidesAll={effect.exposed === 0}
        blocked={blocked}
        onChange={draft.edit}
      />
      <div className="flex flex-none flex-wrap items-center gap-2 px-6 pt-2.5 pb-1">
        <SearchField label={`Search ${countWords(tools.length, 'tool')}`} value={q} onChange={setQ} className="w-60" />
        <Select label="Shown" prefix="Shown" value={shown} onChange={setShown} options={options} />
        <p className="text-muted tabular-nums" role="status">
          <span className="text-ink">
            {isDirty ? 'Agents will see' : 'Agents see'} {effect.exposed.toLocaleString('en')} of{' '}
            {tools.length.toLocaleString('en')}
          </span>
          , about {countWords(effect.tokens, 'token')}
          {found.length < tools.length && (
            <>
              {' · '}
              <HiddenCount count={tools.length - found.length} onClear={clear} />
            </>
          )}
        </p>
        {own && (
          <Button icon={Plus} className="ml-auto" blocked={blocked} onClick={own.add}>
            Add tool
          </Button>
        )}
      </div>
      <SelectionBar
        shown={found}
        selection={selection}
        blocked={blocked}
        onSelect={(keys) => setSelection(selectRows(keys))}
        onChoose={chooseSelected}
      />
      {found.length === 0 ? (
        <div className="flex-1">
          <EmptyState action={<Button onClick={clear}>Clear filters</Button>}>Nothing matches.</EmptyState>
        </div>
      ) : (
        <VirtualGrid
          label="Tools"
          items={items}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          selection={{
            isSelected: ({ key }) => selection.keys.has(key),
            onToggle: ({ key }) => setSelection(toggleRow(selection, key)),
            onExtend: (from, to) => setSelection(extendTo(selection, from.key, to.key, order)),
            onAll: () => setSelection(selectRows(order)),
            onNone: () => setSelection(noSelection),
          }}
          {...(own && !blocked ? { onDelete: ({ tool }: ToolItem) => own.remove(tool.name) } : {})}
          onOpen={({ tool }) => setOpenTool(tool.name === openTool ? undefined : tool.name)}
          onAction={({ tool }, action) => {
            if (action === 'allow' || action === 'block' || action === 'default') choose([tool.name], action)
            if (action === 'approve' && !blocked) approve([tool])
            if (action === 'edit') own?.edit(tool.name)
            if (action === 'duplicate') own?.duplicate(tool.name)
            if (action === 'remove' && !blocked) own?.remove(tool.name)
            if (action === 'playground') void navigate({ to: '/playground', search: { tool: tool.gateway_name } })
          }}
          onKey={({ tool }, key) => {
            const choice = choiceKeys[key.toLowerCase()]
            if (!choice) return false
            if (selection.keys.size > 0) chooseSelected(choice)
            else choose([tool.name], choice)
            return true
          }}
        >
          {({ tool, open }, active) => (
            <ToolRow
              tool={tool}
              open={open}
              active={active}
              height={rowHeight}
              selected={selection.keys.has(tool.name)}
              choice={choiceOf(tool.name)}
              verdict={effect.verdictOf(tool.name)}
              blocked={blocked}
              own={own !== undefined}
            />
          )}
        </VirtualGrid>
      )}
      {isDirty && <FilterFooter draft={draft} total={tools.length} blocked={blocked} onSave={save} />}
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this tool filter are not saved.
      </LeaveDialog>
    </>
  )
}
