import { Link } from '@tanstack/react-router'
import type { CallStats } from '../../../shared/contract/calls.ts'
import { BarChart } from '../../ui/bar-chart.tsx'
import { countWords, durationWords } from '../../ui/words.ts'
import { agentWords } from '../traffic/call-words.ts'
import { Fact } from './fact.tsx'
import { useCallStats } from './use-call-stats.ts'

/** How many agents are named; the rest are counted. */
const MOST_AGENTS = 5

/** Who called this integration in the last hour, how often, how fast, and with what luck. */
export function CallFigures({ slug }: { slug: string }) {
  const { stats, problem } = useCallStats(slug)
  if (!stats) {
    return <Fact name="Calls per minute">{problem && <span className="text-muted">{problem.message}</span>}</Fact>
  }
  const words = hourWords(stats)
  return (
    <>
      <Fact name="Calls per minute">
        {stats.calls > 0 && (
          <BarChart
            label={`Calls per minute: ${words}`}
            bars={stats.minutes.map(({ calls, errors }) => ({ total: calls, failed: errors }))}
            height={40}
            className="mb-1 w-full"
          />
        )}
        <span className="tabular-nums">{words}</span>
        <Link
          to="/integrations/$slug/traffic"
          params={{ slug }}
          className="ml-auto text-accent underline underline-offset-2"
        >
          Traffic
        </Link>
      </Fact>
      {stats.p50_ms !== null && stats.p95_ms !== null && (
        <Fact name="Duration">
          <span className="tabular-nums">
            p50 {durationWords(stats.p50_ms)}, p95 {durationWords(stats.p95_ms)}
          </span>
        </Fact>
      )}
      {stats.agents.length > 0 && (
        <Fact name="Agents">
          {stats.agents.slice(0, MOST_AGENTS).map(({ agent, calls }) => (
            <span key={agent ?? ''}>
              {agentWords(agent)} <span className="text-muted tabular-nums">{calls.toLocaleString('en')}</span>
            </span>
          ))}
          {stats.agents.length > MOST_AGENTS && (
            <span className="text-muted">and {(stats.agents.length - MOST_AGENTS).toLocaleString('en')} more</span>
          )}
        </Fact>
      )}
    </>
  )
}

/** "1,204 in the last hour, 12 failed, at most 40 a minute". */
export function hourWords({ calls, errors, minutes }: CallStats): string {
  if (calls === 0) return 'No calls in the last hour'
  const most = Math.max(...minutes.map((minute) => minute.calls))
  const failed = errors === 0 ? 'none failed' : `${errors.toLocaleString('en')} failed`
  return `${countWords(calls, 'call')} in the last hour, at most ${most.toLocaleString('en')} a minute, ${failed}`
}
