import { Braces, ClipboardCopy, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { parseJson } from '../../json/parse.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import type { PastCall } from '../../stores/playground.ts'
import { Button } from '../../ui/button.tsx'
import { OverflowMenu } from '../../ui/menu.tsx'
import { timeWords } from '../../ui/words.ts'
import { asCurl, asJsonRpc } from './copy-call.ts'
import { EndBadge } from './result-panel.tsx'

const FEW = 5

/** The calls of this session. Opening one brings its arguments and its result back. */
export function HistoryList({
  onOpen,
  onRunAgain,
}: {
  onOpen: (call: PastCall) => void
  onRunAgain: (call: PastCall) => void
}) {
  const { playground } = useConsole().stores
  const history = useStore(playground, (state) => state.history)
  const mcpUrl = useSystem((state) => state.status?.mcp_url ?? '')
  const [all, setAll] = useState(false)
  const [copied, setCopied] = useState<string>('')
  if (history.length === 0) return null

  const copy = (call: PastCall, make: (made: Parameters<typeof asJsonRpc>[0]) => string): void => {
    const { value } = parseJson(call.args)
    if (value === undefined) return
    navigator.clipboard.writeText(make({ tool: call.tool, args: value })).then(
      () => setCopied('Copied'),
      () => setCopied('Copy failed'),
    )
  }
  return (
    <section aria-label="History" className="flex-none border-t border-line px-4 py-3">
      <div className="flex h-6 items-center gap-2">
        <h2 className="font-medium">History</h2>
        <span className="text-meta text-muted">this session</span>
        <span role="status" className="ml-auto text-meta text-muted">
          {copied}
        </span>
      </div>
      <ol>
        {history.slice(0, all ? undefined : FEW).map((call) => (
          <li key={call.id} className="flex items-center gap-2 border-b border-line">
            <button
              type="button"
              onClick={() => onOpen(call)}
              title="Show its arguments and its result"
              className="flex min-h-9 min-w-0 flex-1 items-center gap-3 rounded-control text-left hover:bg-sunken focus-visible:-outline-offset-2"
            >
              <time
                className="flex-none text-meta text-muted tabular-nums"
                title={timeWords(new Date(call.at).toISOString())}
              >
                {clock(call.at)}
              </time>
              <span className="min-w-0 flex-1 truncate font-mono text-code">{call.tool}</span>
              <EndBadge end={call.end} />
            </button>
            <OverflowMenu
              label={`More for the call of ${call.tool} at ${clock(call.at)}`}
              entries={[
                { label: 'Run again', icon: RotateCw, onSelect: () => onRunAgain(call) },
                { label: 'Copy as JSON-RPC', icon: Braces, onSelect: () => copy(call, asJsonRpc) },
                {
                  label: 'Copy as curl',
                  icon: ClipboardCopy,
                  onSelect: () => copy(call, (made) => asCurl(mcpUrl, made)),
                },
              ]}
            />
          </li>
        ))}
      </ol>
      {history.length > FEW && (
        <Button size="small" look="quiet" className="mt-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${history.length}`}
        </Button>
      )}
    </section>
  )
}

const CLOCK = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

function clock(at: number): string {
  return CLOCK.format(at)
}
