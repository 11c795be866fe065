import { CircleAlert, EyeOff } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { ArgumentsPanel } from './arguments-panel.tsx'
import { focusArguments } from './focus-arguments.ts'
import { ResultPanel } from './result-panel.tsx'
import { runTool } from './run-tool.ts'
import { hiddenWords } from './tool-state-words.ts'
import { useTool } from './use-tool.ts'

/** Less of it in view is none. */
const ROOM_FOR_A_RESULT = 160
/** The button that calls stays in view above it. */
const ROOM_FOR_THE_BUTTON = 60

/** One tool: what it is, its arguments, its result, and below that what it is given. */
export function ToolPanel({
  name,
  takesFocus,
  children,
}: {
  name: string
  /** It was chosen just now, to be filled in. */
  takesFocus: boolean
  children: ReactNode
}) {
  const { tool, problem, reload } = useTool(name)
  const focused = useRef(false)
  const shown = tool !== undefined
  useEffect(() => {
    if (!shown || focused.current) return
    focused.current = true
    if (takesFocus) focusArguments()
  }, [shown, takesFocus])

  if (!tool) {
    if (!problem) return <SkeletonRows />
    return problem.code === 'not_found' ? (
      <EmptyState>
        There is no tool <span className="font-mono">{name}</span>. It may have been renamed or removed.
      </EmptyState>
    ) : (
      <ErrorState title="The tool could not be loaded" problem={problem} onRetry={reload} />
    )
  }
  return (
    <div className="@container flex min-h-0 flex-1 flex-col">
      <div
        data-scrolls
        className="flex min-h-0 flex-1 flex-col overflow-y-auto @min-[640px]:flex-row @min-[640px]:overflow-visible"
      >
        <div className="flex flex-none flex-col @min-[640px]:min-h-0 @min-[640px]:w-1/2">
          <ToolHead tool={tool} />
          {problem && (
            <p className="mx-4 mb-2 flex items-center gap-1.5 text-warn">
              <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
              This may be out of date. {problem.message}
              <Button size="small" onClick={reload}>
                Retry
              </Button>
            </p>
          )}
          <ArgumentsPanel tool={tool} />
        </div>
        <div className="flex flex-none flex-col border-line @min-[640px]:min-h-0 @min-[640px]:w-1/2 @min-[640px]:overflow-y-auto @min-[640px]:border-l">
          <ToolResult tool={tool} />
          {children}
        </div>
      </div>
    </div>
  )
}

function ToolHead({ tool }: { tool: Tool }) {
  const hidden = hiddenWords(tool.state)
  return (
    <div
      className="max-h-40 flex-none overflow-y-auto px-4 pt-3 pb-2"
      tabIndex={0}
      role="group"
      aria-label="About the tool"
    >
      <h2 className="text-section font-semibold wrap-anywhere">
        <ForeignText>{tool.title ?? tool.name}</ForeignText>
      </h2>
      <p className="font-mono text-code wrap-anywhere text-muted">{tool.gateway_name}</p>
      {hidden !== undefined && (
        <p className="mt-1 flex items-center gap-1.5 text-warn">
          <EyeOff size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
          Agents do not see this tool: {hidden.charAt(0).toLowerCase() + hidden.slice(1)}.
        </p>
      )}
      {tool.description && (
        <p className="mt-1">
          <LongText text={tool.description} />
        </p>
      )}
    </div>
  )
}

function ToolResult({ tool }: { tool: Tool }) {
  const { client, stores } = useConsole()
  const run = useStore(stores.playground, (state) => state.runs.get(tool.gateway_name))
  const place = useRef<HTMLDivElement>(null)
  const running = run?.state === 'running'
  useEffect(() => {
    // In a narrow window the result is below a form that may be long. Only that part may move: the rest has no scroll bar.
    const scroller = place.current?.closest('[data-scrolls]')
    if (!running || !place.current || !scroller) return
    const top = place.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    if (top > scroller.clientHeight - ROOM_FOR_A_RESULT) scroller.scrollTop += top - ROOM_FOR_THE_BUTTON
  }, [running])
  const again = (): void => {
    const last = stores.playground.getState().history.find((call) => call.tool === tool.gateway_name)
    if (last) void runTool({ client, store: stores.playground, tool: last.tool, args: last.args })
  }
  return (
    <div ref={place} className="flex flex-1 flex-col">
      <ResultPanel tool={tool} run={run} onRetry={again} />
    </div>
  )
}
