import { memo } from 'react'
import type { Call } from '../../../shared/contract/calls.ts'
import { classes } from '../../ui/classes.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { durationWords } from '../../ui/words.ts'
import { agentWords, callSummary, clockWords, outcomeWords, sizePairWords } from './call-words.ts'

/** Narrow lists, as beside an open call, leave out the sizes, then the agent, and then the duration. */
const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[92px_minmax(0,1fr)_92px]',
  '@min-[440px]:grid-cols-[92px_minmax(0,1fr)_92px_64px]',
  '@min-[560px]:grid-cols-[92px_minmax(70px,0.5fr)_minmax(0,1fr)_92px_64px]',
  '@min-[700px]:grid-cols-[92px_minmax(90px,0.5fr)_minmax(0,1fr)_92px_64px_112px]',
)

/** One call. Nothing in it is a control: the row itself opens. */
export const CallRow = memo(function CallRow({ call }: { call: Call }) {
  return (
    <div role="presentation" className={columns} title={callSummary(call)}>
      <span role="gridcell" className="text-muted tabular-nums">
        {clockWords(call.at)}
      </span>
      <span role="gridcell" className="hidden truncate @min-[560px]:block">
        {agentWords(call.agent)}
      </span>
      <span role="gridcell" className="truncate font-mono text-code">
        {call.tool}
      </span>
      <span role="gridcell" className="min-w-0">
        <StateBadge look={outcomeWords[call.outcome]} />
      </span>
      <span role="gridcell" className="hidden text-right tabular-nums @min-[440px]:block">
        {durationWords(call.duration_ms)}
      </span>
      <span role="gridcell" className="hidden truncate text-right text-muted tabular-nums @min-[700px]:block">
        {sizePairWords(call.request_bytes, call.response_bytes)}
      </span>
    </div>
  )
})
