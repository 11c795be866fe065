import { Circle, CircleAlert, CircleCheck, CircleMinus, LoaderCircle, Plug } from 'lucide-react'
import { useRef } from 'react'
import type { Integration, TestResult, TestStep } from '../../../shared/contract/integrations.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { durationWords } from '../../ui/words.ts'
import type { ConnectionTest } from './use-connection-test.ts'

const order: Record<Integration['protocol'], readonly TestStep['step'][]> = {
  mcp: ['resolve', 'connect', 'negotiate', 'list'],
  rest: ['resolve', 'connect', 'list'],
}
const words: Record<TestStep['step'], { title: string; what: string }> = {
  resolve: { title: 'Resolve', what: 'Find the address or the program' },
  connect: { title: 'Connect', what: 'Reach it' },
  negotiate: { title: 'Negotiate', what: 'Agree on a protocol version' },
  list: { title: 'List', what: 'Ask for its tools' },
}

/** The same of a REST API, whose tools are known here. */
const restWords: Partial<Record<TestStep['step'], string>> = {
  resolve: 'Find the address',
  connect: 'Reach it',
  list: 'Ask for something with the credentials',
}

/** The steps of a connection test, each with what was found or the server's own words. */
export function TestPanel({
  test,
  protocol = 'mcp',
  label = 'Connection test',
  onCancel,
  onSwitch,
  onUseOAuth,
  switchBlocked,
}: {
  test: ConnectionTest
  protocol?: Integration['protocol']
  label?: string
  onCancel: () => void
  /** The other transport would have worked: uses it and tests again. */
  onSwitch?: (transport: NonNullable<TestResult['suggested_transport']>) => void
  /** The server wants a sign-in: chooses OAuth 2. */
  onUseOAuth?: () => void
  switchBlocked?: string | undefined
}) {
  const running = test.state === 'running'
  const section = useRef<HTMLElement>(null)
  const suggested = test.result?.suggested_transport
  return (
    <section ref={section} tabIndex={-1} aria-label={label} className="rounded-panel border border-line p-4">
      <div className="flex h-6 items-center justify-between gap-2">
        <h2 className="font-semibold">{label}</h2>
        {running && (
          <Button size="small" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      {test.state === 'idle' ? (
        <p className="mt-2 flex gap-2 text-muted">
          <Plug size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
          Tries the connection before anything is stored.
          {protocol === 'mcp' && ' A local server is started for it and ended again.'}
        </p>
      ) : (
        <ol className="mt-3 flex flex-col">
          {order[protocol].map((id) => (
            <Step
              key={id}
              id={id}
              what={protocol === 'rest' ? restWords[id] : words[id].what}
              step={test.steps.find((step) => step.step === id)}
              over={!running}
            />
          ))}
        </ol>
      )}
      <div aria-live="polite">
        {test.result && (
          <p className={classes('mt-3 font-medium break-words', test.result.ok ? 'text-ok' : 'text-err')}>
            {test.result.message}
          </p>
        )}
        {test.result?.ok && test.result.server_info && (
          <p className="mt-0.5 text-meta text-muted">
            {test.result.server_info.name} {test.result.server_info.version}
            {test.result.protocol_version && `, protocol ${test.result.protocol_version}`}
          </p>
        )}
        {test.problem && <p className="mt-3 font-medium break-words text-err">{test.problem.message}</p>}
        {test.state === 'cancelled' && <p className="mt-3 text-muted">Cancelled.</p>}
      </div>
      {test.result?.ok && test.result.tool_names.length > 0 && <ToolNames names={test.result.tool_names} />}
      {test.result && !test.result.ok && (
        <div className="mt-3 flex flex-wrap gap-2">
          {suggested && onSwitch && (
            <Button
              size="small"
              look="primary"
              blocked={switchBlocked}
              onClick={() => {
                section.current?.focus() // the button is gone in a moment
                onSwitch(suggested)
              }}
            >
              Use {suggested === 'http' ? 'HTTP' : 'SSE'} instead
            </Button>
          )}
          {test.result.suggested_auth === 'oauth2' && onUseOAuth && (
            <Button size="small" look="primary" blocked={switchBlocked} onClick={onUseOAuth}>
              Use OAuth 2
            </Button>
          )}
          <CopyButton size="small" text={reportOf(test)}>
            Copy details
          </CopyButton>
        </div>
      )}
    </section>
  )
}

function Step({
  id,
  what,
  step,
  over,
}: {
  id: TestStep['step']
  what: string | undefined
  step: TestStep | undefined
  over: boolean
}) {
  const state = step?.state === 'running' && over ? 'stopped' : (step?.state ?? 'waiting')
  const Icon = { waiting: Circle, running: LoaderCircle, ok: CircleCheck, failed: CircleAlert, stopped: CircleMinus }[
    state
  ]
  const ink = {
    waiting: 'text-subtle',
    running: 'text-info',
    ok: 'text-ok',
    failed: 'text-err',
    stopped: 'text-muted',
  }[state]
  const said = { waiting: '', running: 'running', ok: 'done', failed: 'failed', stopped: 'stopped' }[state]
  return (
    <li className="grid grid-cols-[16px_1fr_auto] gap-x-2 py-1">
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className={classes('mt-0.5', ink, state === 'running' && 'spin')}
      />
      <span className={classes('font-medium', state === 'waiting' && 'font-normal text-muted')}>
        {words[id].title}
        {said && <span className="sr-only">, {said}</span>}
      </span>
      <span className="text-meta leading-5 text-muted tabular-nums">
        {step && step.state !== 'running' ? durationWords(step.duration_ms) : ''}
      </span>
      <span
        className={classes('col-start-2 col-end-4 min-w-0 break-words', state === 'failed' ? 'text-err' : 'text-muted')}
      >
        {step?.message ?? what}
      </span>
    </li>
  )
}

function ToolNames({ names }: { names: readonly string[] }) {
  return (
    <details className="mt-3">
      <summary className="rounded-control text-muted hover:text-ink">
        {names.length === 1 ? '1 tool' : `${names.length.toLocaleString('en')} tools`}
      </summary>
      <ul className="mt-1 max-h-48 overflow-y-auto" tabIndex={0} aria-label="Tools found">
        {names.map((name, index) => (
          <li key={index} className="truncate font-mono text-code text-muted">
            {name}
          </li>
        ))}
      </ul>
    </details>
  )
}

function reportOf({ result, steps }: ConnectionTest): string {
  const lines = steps.map(
    ({ step, state, message, duration_ms }) => `${step}: ${state} (${Math.round(duration_ms)} ms) ${message}`,
  )
  return [...lines, result?.error ? `${result.error.code}: ${result.error.message}` : '', result?.message ?? '']
    .filter(Boolean)
    .join('\n')
}
