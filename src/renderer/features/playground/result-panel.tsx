import { CircleAlert, CircleCheck, CircleMinus, LoaderCircle, TriangleAlert, type LucideIcon } from 'lucide-react'
import { useMemo } from 'react'
import type { Tool, ToolProgress, ToolRun } from '../../../shared/contract/tools.ts'
import type { Run, RunEnd } from '../../stores/playground.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useNow } from '../../ui/use-now.ts'
import { durationWords } from '../../ui/words.ts'
import { ContentView } from './content-view.tsx'
import { JsonView } from './json-view.tsx'
import { endWords, isToolFailure, sizeWords, type Tone } from './run-words.ts'
import { StructuredView } from './structured-view.tsx'

/** How the last call of a tool goes or ended. */
export function ResultPanel({ tool, run, onRetry }: { tool: Tool; run: Run | undefined; onRetry: () => void }) {
  return (
    <section aria-label="Result" className="flex min-h-60 flex-1 flex-col px-4 pb-4">
      {run === undefined ? (
        <p className="py-6 text-muted">Call the tool to see its result here.</p>
      ) : run.state === 'running' ? (
        <Running run={run} />
      ) : (
        <Ended key={run.at} tool={tool} end={run.end} onRetry={onRetry} />
      )}
    </section>
  )
}

function Running({ run }: { run: Extract<Run, { state: 'running' }> }) {
  const seconds = Math.max(0, Math.round((useNow(1_000) - run.startedAt) / 1_000))
  return (
    <div className="flex flex-col gap-3 py-3">
      <div className="flex min-h-8 items-center gap-2">
        <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin flex-none text-muted" />
        <span>Running</span>
        {seconds > 0 && <span className="text-muted tabular-nums">{seconds} s</span>}
      </div>
      {run.progress && <Progress progress={run.progress} />}
    </div>
  )
}

function Progress({ progress: { progress, total, message } }: { progress: ToolProgress }) {
  const share = total === null || total <= 0 ? undefined : Math.min(1, Math.max(0, progress / total))
  const steps = total === null ? String(progress) : `${progress}/${total}`
  return (
    <div>
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuetext={message === null ? steps : `${steps} ${message}`}
        {...(share === undefined
          ? {}
          : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share * 100) })}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full bg-accent" style={{ width: `${(share ?? 1) * 100}%` }} />
      </div>
      <p className="mt-1.5 flex gap-2">
        <span className="flex-none tabular-nums">{steps}</span>
        {message !== null && (
          <span className="min-w-0 text-muted">
            <ForeignText className="wrap-anywhere">{message.slice(0, 1_000)}</ForeignText>
          </span>
        )}
      </p>
    </div>
  )
}

const icons: Record<Tone, [LucideIcon, string]> = {
  ok: [CircleCheck, 'text-ok'],
  warn: [TriangleAlert, 'text-warn'],
  err: [CircleAlert, 'text-err'],
  muted: [CircleMinus, 'text-muted'],
}

export function EndBadge({ end }: { end: RunEnd }) {
  const { words, tone } = endWords(end)
  const [Icon, ink] = icons[tone]
  return (
    <span className={classes('inline-flex items-center gap-1.5', ink)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="font-medium">{words}</span>
    </span>
  )
}

function Ended({ tool, end, onRetry }: { tool: Tool; end: RunEnd; onRetry: () => void }) {
  return (
    <>
      <div className="flex min-h-11 flex-none flex-wrap items-center gap-x-4 tabular-nums">
        <EndBadge end={end} />
        {end.kind === 'stopped' && <span className="text-muted">after {durationWords(end.afterMs)}</span>}
        {end.kind === 'answered' && (
          <>
            <span>{durationWords(end.run.duration_ms)}</span>
            <span title="Size of the answer">{sizeWords(end.run.response_bytes)}</span>
            <span className="text-muted" title="Size of the request">
              {sizeWords(end.run.request_bytes)} sent
            </span>
          </>
        )}
      </div>
      {end.kind === 'stopped' && <p className="text-muted">The server was told to cancel the call.</p>}
      {end.kind === 'failed' && (
        <Failure
          title="The call could not be made"
          message={end.problem.message}
          code={end.problem.code}
          onRetry={onRetry}
        />
      )}
      {end.kind === 'answered' && end.run.error && (
        <Failure
          title={`Error ${end.run.error.code}`}
          message={end.run.error.message}
          data={end.run.error.data}
          onRetry={onRetry}
        />
      )}
      {end.kind === 'answered' && end.run.result && (
        <ResultTabs tool={tool} run={end.run} result={end.run.result} failed={isToolFailure(end)} />
      )}
    </>
  )
}

function ResultTabs({
  tool,
  run,
  result,
  failed,
}: {
  tool: Tool
  run: ToolRun
  result: NonNullable<ToolRun['result']>
  failed: boolean
}) {
  const json = useMemo(() => run.result_json ?? JSON.stringify(result), [run, result])
  return (
    <>
      {failed && (
        <p className="mb-2 flex-none rounded-control bg-warn-soft px-3 py-1.5">
          The tool itself reports a failure (<code className="font-mono text-code">isError</code>).
        </p>
      )}
      <Tabs
        label="Result"
        fill
        panels={[
          {
            id: 'content',
            label: 'Content',
            content: <ContentView result={result} />,
          },
          {
            id: 'structured',
            label: 'Structured',
            content: <StructuredView schema={tool.output_schema} result={result} json={json} />,
          },
          { id: 'raw', label: 'Raw', content: <JsonView label="Raw result" json={json} /> },
        ]}
      />
    </>
  )
}

function Failure({
  title,
  message,
  code,
  data,
  onRetry,
}: {
  title: string
  message: string
  code?: string
  data?: unknown
  onRetry: () => void
}) {
  const details = data === undefined ? undefined : JSON.stringify(data, null, 2)
  return (
    <div className="rounded-panel bg-err-soft p-4">
      <p className="font-medium text-err">{title}</p>
      <p className="wrap-anywhere">
        <ForeignText>{message.slice(0, 5_000)}</ForeignText>
      </p>
      {details !== undefined && (
        <pre
          tabIndex={0}
          aria-label="Data of the error"
          className="mt-2 max-h-60 overflow-auto font-mono text-code whitespace-pre-wrap"
        >
          <ForeignText className="wrap-anywhere">{details.slice(0, 20_000)}</ForeignText>
        </pre>
      )}
      <div className="mt-3 flex gap-2">
        <Button size="small" onClick={onRetry}>
          Call again
        </Button>
        <CopyButton size="small" text={[title, code, message, details].filter(Boolean).join('\n')}>
          Copy details
        </CopyButton>
      </div>
    </div>
  )
}
