import { Link } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Call, CallDetail } from '../../../shared/contract/calls.ts'
import { useConsole } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Pane } from '../../ui/pane.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { durationWords, timeWords } from '../../ui/words.ts'
import { CallText } from './call-text.tsx'
import { agentWords, clockWords, dayWords, outcomeWords, sizeWords } from './call-words.ts'
import { NotRecorded } from './not-recorded.tsx'
import { argumentsOf } from './recorded-json.ts'

const eraWords = { modern: 'MCP 2026-07-28 and later', legacy: 'MCP up to 2025-11-25' } as const

/** One call beside the list: what was asked, what was answered, and how long it took. It takes the focus when it opens. */
export function CallPane({ id, known, onClose }: { id: string; known: Call | undefined; onClose: () => void }) {
  const { client } = useConsole()
  const [detail, setDetail] = useState<CallDetail>()
  const { problem, retry } = useLoad({
    version: id,
    load: (signal) => client.calls.get({ id }, { signal }),
    keep: setDetail,
  })

  const call = detail ?? known
  return (
    <Pane
      label={call ? `Call of ${call.tool}` : 'Call'}
      title={<span className="font-mono font-medium">{call ? <ForeignText>{call.tool}</ForeignText> : 'Call'}</span>}
      close="Close the call"
      onClose={onClose}
    >
      {call && <Facts call={call} />}
      {problem ? (
        <ErrorState flush title="The call could not be loaded" problem={problem} onRetry={retry} />
      ) : detail ? (
        <Content detail={detail} />
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Pane>
  )
}

function Facts({ call }: { call: Call }) {
  const outcome = outcomeWords[call.outcome]
  return (
    <div className="flex flex-none flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <span className={classes('flex items-center gap-1.5 font-medium', outcome.ink)}>
          <outcome.icon size={16} strokeWidth={1.75} aria-hidden />
          {outcome.word}
        </span>
        <span title={timeWords(call.at)} className="tabular-nums">
          {clockWords(call.at)}
        </span>
        <span>{agentWords(call.agent)}</span>
        {call.integration !== null && (
          <Link
            to="/integrations/$slug/overview"
            params={{ slug: call.integration }}
            className="font-mono text-code text-accent underline underline-offset-2"
          >
            {call.integration}
          </Link>
        )}
      </p>
      {call.error && (
        <p className="max-h-40 overflow-y-auto rounded-panel bg-err-soft px-3 py-2">
          <span className="font-mono text-code text-err">{call.error.code}</span>{' '}
          <ForeignText>{call.error.message}</ForeignText>
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <PlaygroundButton call={call} />
        <CopyJsonRpc call={call} />
      </div>
    </div>
  )
}

/**
 * Its tool with the arguments that were recorded, by the name that the gateway has for it: on an integration's own endpoint agents use the
 * tool's name alone.
 */
function PlaygroundButton({ call: { integration, tool, request } }: { call: Call & Partial<CallDetail> }) {
  const { playground } = useConsole().stores
  if (integration === null) {
    return (
      <Button size="small" icon={Play} blocked="No integration has this tool">
        Open in Playground
      </Button>
    )
  }
  const name = tool.startsWith(`${integration}__`) ? tool : `${integration}__${tool}`
  return (
    <Link
      to="/playground"
      search={{ tool: name }}
      onClick={() => {
        const recorded = request ? argumentsOf(request) : undefined
        if (recorded) playground.getState().setDraft(name, { from: 'form', value: recorded })
      }}
      className="inline-flex h-6 items-center gap-1.5 rounded-control border border-line bg-surface px-2 text-meta hover:bg-sunken"
    >
      <Play size={14} strokeWidth={1.75} aria-hidden />
      Open in Playground
    </Link>
  )
}

function CopyJsonRpc({ call }: { call: Call & Partial<CallDetail> }) {
  const request = call.request ?? null
  return (
    <CopyButton
      size="small"
      text={request ?? ''}
      blocked={request === null ? 'Its arguments were not recorded' : undefined}
    >
      Copy as JSON-RPC
    </CopyButton>
  )
}

function Content({ detail }: { detail: CallDetail }) {
  const { request, response, truncated, recorded } = detail
  const body = (label: string, text: string | null): ReactNode =>
    text === null ? <NotRecorded recorded={recorded} /> : <CallText label={label} text={text} truncated={truncated} />
  return (
    <Tabs
      fill
      label="Parts of the call"
      panels={[
        { id: 'request', label: 'Request', content: body('Request', request) },
        { id: 'response', label: 'Response', content: body('Response', response) },
        { id: 'timing', label: 'Timing', content: <Timing call={detail} /> },
      ]}
    />
  )
}

function Timing({ call }: { call: Call }) {
  const ended = new Date(Date.parse(call.at) + call.duration_ms).toISOString()
  return (
    <dl className="grid grid-cols-[130px_minmax(0,1fr)] [&>*]:border-b [&>*]:border-line [&>*]:py-2 [&>dt]:text-muted">
      <dt>Started</dt>
      <dd className="tabular-nums">
        {dayWords(call.at)}, {clockWords(call.at)}
      </dd>
      <dt>Ended</dt>
      <dd className="tabular-nums">{clockWords(ended)}</dd>
      <dt>Duration</dt>
      <dd className="tabular-nums">{durationWords(call.duration_ms)}</dd>
      <dt>Request</dt>
      <dd>{sizeWords(call.request_bytes)}</dd>
      <dt>Response</dt>
      <dd>{sizeWords(call.response_bytes)}</dd>
      <dt>Agent speaks</dt>
      <dd>{eraWords[call.era]}</dd>
      <dt>Server speaks</dt>
      <dd>{call.upstream_era === null ? 'The call did not get there' : eraWords[call.upstream_era]}</dd>
    </dl>
  )
}
