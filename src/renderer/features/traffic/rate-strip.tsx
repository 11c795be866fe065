import { useState } from 'react'
import { BarChart } from '../../ui/bar-chart.tsx'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'
import { type CallRate, rateWords } from './call-rate.ts'

/** Calls per second of the last minute, drawn and in words. */
export function RateStrip({ rate }: { rate: CallRate }) {
  const [seconds, setSeconds] = useState(() => rate.until(Date.now()))
  useVisibleInterval(() => setSeconds(rate.until(Date.now())), 1_000)
  const words = rateWords(seconds)
  return (
    // A low window needs its height for the rows.
    <div className="flex flex-none items-end gap-4 px-6 pb-2 [@media(max-height:520px)]:hidden">
      <BarChart
        label={`Calls per second: ${words}`}
        bars={seconds.map(({ calls, errors }) => ({ total: calls, failed: errors }))}
        height={32}
        className="min-w-0 flex-1"
      />
      <p className="max-w-1/2 flex-none text-meta text-muted tabular-nums">{words}</p>
    </div>
  )
}
