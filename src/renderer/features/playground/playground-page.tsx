import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useConsole } from '../../stores/console.tsx'
import type { PastCall } from '../../stores/playground.ts'
import { useServedTools } from '../../stores/use-served-tools.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { focusArguments } from './focus-arguments.ts'
import { HistoryList } from './history-list.tsx'
import { RunStatus } from './run-status.tsx'
import { runTool } from './run-tool.ts'
import { ToolList } from './tool-list.tsx'
import { ToolPanel } from './tool-panel.tsx'

/** Any tool of the gateway, tried by hand: choose, fill in, call, read. */
export function PlaygroundPage() {
  const { tool: linked } = useSearch({ from: '/playground' })
  const navigate = useNavigate()
  const { client, stores } = useConsole()
  const { playground } = stores
  const last = useStore(playground, (state) => state.tool)
  const { tools, problem, reload } = useServedTools()
  const selected = linked ?? last
  /** The tool that was chosen here, whose arguments are to be filled in next. A link to a tool chooses it as well. */
  const [chosen, setChosen] = useState(linked)
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (linked !== undefined) playground.getState().choose(linked)
  }, [playground, linked])
  const arrivedByLink = useRef(linked !== undefined)
  useEffect(() => {
    if (!arrivedByLink.current) list.current?.querySelector('input')?.focus()
  }, [])

  const open = (gatewayName: string): void => {
    if (gatewayName === selected) focusArguments()
    setChosen(gatewayName)
    void navigate({ to: '/playground', search: { tool: gatewayName } })
  }
  const restore = (call: PastCall): void => {
    const { setDraft, setRun, runs } = playground.getState()
    setDraft(call.tool, { from: 'text', text: call.args })
    if (runs.get(call.tool)?.state !== 'running') setRun(call.tool, { state: 'ended', end: call.end, at: call.at })
    void navigate({ to: '/playground', search: { tool: call.tool } })
  }
  const runAgain = (call: PastCall): void => {
    restore(call)
    void runTool({ client, store: playground, tool: call.tool, args: call.args })
  }

  return (
    <>
      <PageHeader title="Playground" meta={tools ? countWords(tools.length, 'tool') : undefined} />
      <div className="@container flex min-h-0 flex-1 flex-col border-t border-line">
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto @min-[520px]:flex-row @min-[520px]:overflow-visible">
          <div
            ref={list}
            className="flex h-64 flex-none flex-col border-b border-line bg-bg @min-[520px]:h-auto @min-[520px]:w-56 @min-[520px]:border-r @min-[520px]:border-b-0"
          >
            <ToolList tools={tools} problem={problem} onRetry={reload} selected={selected} onOpen={open} />
          </div>
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            {selected === undefined ? (
              <EmptyState>Choose a tool to fill in its arguments and call it.</EmptyState>
            ) : (
              <ToolPanel key={selected} name={selected} takesFocus={chosen === selected}>
                <HistoryList onOpen={restore} onRunAgain={runAgain} />
              </ToolPanel>
            )}
          </div>
        </div>
      </div>
      <RunStatus />
    </>
  )
}
