import { useBlocker, useParams } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Tool } from '../../../shared/contract/tools.ts'
import { unmatchedEntries } from '../../../shared/tool-filter.ts'
import { useConsole, useIntegrations, usePlanLock, usePreferences, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { keySigns } from '../../ui/keys.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { CircleAlert } from 'lucide-react'
import { EntryList } from './entry-list.tsx'
import { StatusAction } from './status-action.tsx'
import {
  type Choice,
  compareFilters,
  compileChoices,
  compileFilter,
  type Filter,
  sameFilter,
  withChoice,
} from './tool-filter.ts'
import { ToolRow } from './tool-row.tsx'
import { searchable, searchTools, type Shown } from './tool-search.ts'
import { useToolsOf } from './use-tools.ts'

interface ToolItem extends GridItem {
  tool: Tool
  open: boolean
}

const choiceKeys: Record<string, Choice> = { a: 'allow', b: 'block', c: 'default' }
const OPEN_HEIGHT = 320

/** Which tools agents see: two lists, a choice for each tool, and what a save would change. */
export function ToolsTab() {
  const { slug } = useParams({ from: '/integrations/$slug/tools' })
  const integration = useIntegrations((state) => state.byName[slug])
  const { tools, problem, reload } = useToolsOf(slug)
  if (!integration) return null
  if (!tools) {
    return problem ? (
      <ErrorState title="The tools could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  if (tools.length === 0) return <NoTools integration={integration} />
  return (
    <>
      {problem && (
        <Banner
          tone="warn"
          icon={CircleAlert}
          title="This list may be out of date"
          action={
            <Button size="small" onClick={reload}>
              Retry
            </Button>
          }
        >
          {problem.message}
        </Banner>
      )}
      <FilterEditor key={slug} integration={integration} tools={tools} />
    </>
  )
}

function NoTools({ integration }: { integration: Integration }) {
  const { state, error } = integration.connection
  if (state === 'connecting') return <EmptyState>Connecting. Its tools appear here once it has listed them.</EmptyState>
  if (state === 'connected') return <EmptyState>The server is connected and has no tools.</EmptyState>
  if (integration.status === 'disabled') return <EmptyState>It is disabled. Enable it to list its tools.</EmptyState>
  return (
    <EmptyState action={<StatusAction integration={integration} />}>
      Its tools are not known yet, because it never connected.{error ? ` ${error.message}` : ''}
    </EmptyState>
  )
}

function FilterEditor({ integration, tools }: { integration: Integration; tools: readonly Tool[] }) {
  const { client, stores } = useConsole()
  const planLock = usePlanLock()
  const writable = useWritable()
  const compact = usePreferences((state) => state.density === 'compact')
  const rowHeight = compact ? 32 : 44

  const saved: Filter = useMemo(
    () => ({ enabled: integration.enabled_tools, disabled: integration.disabled_tools }),
    [integration.enabled_tools, integration.disabled_tools],
  )
  const [draft, setDraft] = useState<Filter>()
  const [q, setQ] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const [openTool, setOpenTool] = useState<string>()
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const filter = draft ?? saved
  const dirty = draft !== undefined && !sameFilter(draft, saved)
  const query = useDeferredValue(q)
  const names = useMemo(() => tools.map(({ name }) => name), [tools])
  const indexed = useMemo(() => searchable(tools), [tools])
  const verdict = useMemo(() => compileFilter(filter), [filter])
  const matches = useMemo(() => searchTools(indexed, query, shown, verdict), [indexed, query, shown, verdict])
  const exposed = useMemo(() => names.filter((name) => verdict(name).state === 'allowed').length, [names, verdict])
  const change = useMemo(() => compareFilters(saved, filter, names), [saved, filter, names])
  const unmatched = useMemo(
    () => ({ enabled: unmatchedEntries(filter.enabled, names), disabled: unmatchedEntries(filter.disabled, names) }),
    [filter, names],
  )
  const unmatchedCount = unmatched.enabled.length + unmatched.disabled.length
  const blocked = writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'
  const choiceOf = useMemo(() => compileChoices(filter), [filter])

  const items = useMemo(
    () =>
      matches.map((tool): ToolItem => {
        const open = tool.name === openTool
        return open
          ? { key: tool.name, tool, open, height: OPEN_HEIGHT, measured: true }
          : { key: tool.name, tool, open, height: rowHeight }
      }),
    [matches, openTool, rowHeight],
  )

  const choose = (tool: string, choice: Choice): void => {
    if (!blocked) setDraft(withChoice(filter, [tool], choice))
  }

  const save = async (): Promise<void> => {
    if (blocked || !dirty || saving) return
    setSaving(true)
    setProblem(undefined)
    try {
      const next = await client.integrations.update({
        name: integration.name,
        enabled_tools: [...filter.enabled],
        disabled_tools: [...filter.disabled],
      })
      stores.integrations.getState().put(next)
      setDraft(undefined)
    } catch (cause) {
      setProblem(problemOf(cause))
    } finally {
      setSaving(false)
    }
  }
  useCommand('save', () => void save())
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: false, withResolver: true })

  return (
    <>
      <div className="flex-none border-b border-line px-6 py-4">
        <div className="grid grid-cols-2 items-start gap-6">
          <EntryList
            label="Allow list"
            hint="empty = all tools"
            entries={filter.enabled}
            unmatched={unmatched.enabled}
            readOnly={blocked !== undefined}
            onChange={(enabled) => setDraft({ ...filter, enabled })}
          />
          <EntryList
            label="Block list"
            hint="applied after the allow list"
            entries={filter.disabled}
            unmatched={unmatched.disabled}
            readOnly={blocked !== undefined}
            onChange={(disabled) => setDraft({ ...filter, disabled })}
          />
        </div>
        {unmatchedCount > 0 && (
          <p className="mt-2 flex items-center gap-2 text-warn">
            {countWords(unmatchedCount, 'entry matches', 'entries match')} no tool
            <Button
              size="small"
              blocked={blocked}
              onClick={() =>
                setDraft({
                  enabled: filter.enabled.filter((entry) => !unmatched.enabled.includes(entry)),
                  disabled: filter.disabled.filter((entry) => !unmatched.disabled.includes(entry)),
                })
              }
            >
              Remove
            </Button>
          </p>
        )}
      </div>
      <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-6 py-2.5">
        <SearchField label={`Search ${countWords(tools.length, 'tool')}`} value={q} onChange={setQ} className="w-60" />
        <Select
          label="Shown"
          prefix="Shown"
          value={shown}
          onChange={setShown}
          options={[
            { value: 'all', label: 'All', hint: tools.length.toLocaleString('en') },
            { value: 'exposed', label: 'Exposed', hint: exposed.toLocaleString('en') },
            { value: 'hidden', label: 'Hidden', hint: (tools.length - exposed).toLocaleString('en') },
          ]}
        />
        <p className="tabular-nums" role="status">
          Agents see {exposed.toLocaleString('en')} of {tools.length.toLocaleString('en')}
        </p>
        {query.trim() !== '' && matches.length > 0 && !blocked && (
          <span className="ml-auto flex items-center gap-1 text-muted">
            {countWords(matches.length, 'match', 'matches')}
            {(['allow', 'block', 'default'] as const).map((choice) => (
              <Button
                key={choice}
                size="small"
                look="quiet"
                onClick={() =>
                  setDraft(
                    withChoice(
                      filter,
                      matches.map(({ name }) => name),
                      choice,
                    ),
                  )
                }
              >
                {{ allow: 'Allow all', block: 'Block all', default: 'Clear all' }[choice]}
              </Button>
            ))}
          </span>
        )}
      </div>
      {matches.length === 0 ? (
        <div className="flex-1">
          <EmptyState
            action={
              <Button
                onClick={() => {
                  setQ('')
                  setShown('all')
                }}
              >
                Clear filters
              </Button>
            }
          >
            Nothing matches.
          </EmptyState>
        </div>
      ) : (
        <VirtualGrid
          label="Tools"
          items={items}
          rowClassName="hover:bg-bg"
          onOpen={({ tool }) => setOpenTool(tool.name === openTool ? undefined : tool.name)}
          onAction={({ tool }, action) => {
            if (action === 'allow' || action === 'block' || action === 'default') choose(tool.name, action)
          }}
          onKey={({ tool }, key) => {
            const choice = choiceKeys[key.toLowerCase()]
            if (choice) choose(tool.name, choice)
            return choice !== undefined
          }}
        >
          {({ tool, open }, active) => (
            <ToolRow
              tool={tool}
              open={open}
              active={active}
              height={rowHeight}
              choice={choiceOf(tool.name)}
              verdict={verdict(tool.name)}
              blocked={blocked}
            />
          )}
        </VirtualGrid>
      )}
      {dirty && (
        <footer className="flex flex-none items-center gap-2 border-t border-line px-6 py-3">
          <p role="status" className="min-w-0 flex-1">
            <span className="font-medium">{changeWords(change)}</span>
            {problem && <span className="ml-2 text-err">{problem.message}</span>}
          </p>
          <Button onClick={() => setDraft(undefined)}>Discard</Button>
          <Button look="primary" keys={keySigns('$mod+s')} busy={saving} blocked={blocked} onClick={() => void save()}>
            Save
          </Button>
        </footer>
      )}
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this tool filter are not saved.
      </LeaveDialog>
    </>
  )
}

/** "+2 tools, -1 tool for agents". */
function changeWords({ gained, lost }: { gained: number; lost: number }): string {
  const parts = [
    ...(gained > 0 ? [`+${countWords(gained, 'tool')}`] : []),
    ...(lost > 0 ? [`-${countWords(lost, 'tool')}`] : []),
  ]
  return parts.length > 0 ? `${parts.join(', ')} for agents` : 'No tool changes for agents'
}
