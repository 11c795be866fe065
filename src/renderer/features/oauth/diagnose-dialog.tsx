import { Circle, CircleAlert, CircleCheck, CircleMinus, LoaderCircle, TriangleAlert } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { DoctorExchange, DoctorStep } from '../../../shared/contract/oauth.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords, durationWords } from '../../ui/words.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { useDiagnosis } from './use-diagnosis.ts'

const order: readonly DoctorStep['step'][] = [
  'resource',
  'authorization_server',
  'registration',
  'authorization',
  'token',
  'call',
]

const titles: Record<DoctorStep['step'], string> = {
  resource: 'What the server asks for',
  authorization_server: 'Where one signs in',
  registration: 'The client',
  authorization: 'The sign-in',
  token: 'The token',
  call: 'A call',
}

const looks = {
  waiting: { icon: Circle, ink: 'text-subtle', said: '' },
  running: { icon: LoaderCircle, ink: 'text-info', said: 'running' },
  ok: { icon: CircleCheck, ink: 'text-ok', said: 'fine' },
  warning: { icon: TriangleAlert, ink: 'text-warn', said: 'with a warning' },
  failed: { icon: CircleAlert, ink: 'text-err', said: 'failed' },
  skipped: { icon: CircleMinus, ink: 'text-muted', said: 'skipped' },
} as const

/** Goes through a sign-in step by step: what was found, what was exchanged, and what to do where it fails. */
export function DiagnoseDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const { diagnosis, run } = useDiagnosis(integration.name)
  const start = useEffectEvent(() => void run())
  useEffect(() => start(), [])
  const { running, steps, report, problem } = diagnosis
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Diagnose ${nameOf(integration)}`}
      description="Signs nobody in and changes nothing. Secrets are masked."
    >
      <ol className="mt-4 flex flex-col" aria-label="Steps">
        {order.map((id) => (
          <Step key={id} id={id} step={steps.find((one) => one.step === id)} over={!running && steps.length > 0} />
        ))}
      </ol>
      <div aria-live="polite">
        {report && (
          <p className={classes('mt-3 font-medium wrap-anywhere', report.ok ? 'text-ok' : 'text-err')}>
            {report.message}
          </p>
        )}
        {problem && <FieldError>{problem.message}</FieldError>}
      </div>
      <DialogActions>
        {report && <CopyButton text={report.text}>Copy report</CopyButton>}
        {!running && <Button onClick={() => void run()}>Run again</Button>}
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Step({ id, step, over }: { id: DoctorStep['step']; step: DoctorStep | undefined; over: boolean }) {
  const state = step?.state === 'running' && over ? 'skipped' : (step?.state ?? 'waiting')
  const { icon: Icon, ink, said } = looks[state]
  const hasEnded = step !== undefined && state !== 'running' && state !== 'skipped'
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-2 py-1">
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className={classes('mt-0.5', ink, state === 'running' && 'spin')}
      />
      <span
        className={classes('font-medium', (state === 'waiting' || state === 'skipped') && 'font-normal text-muted')}
      >
        {titles[id]}
        {said && <span className="sr-only">, {said}</span>}
      </span>
      <span className="text-meta leading-5 text-muted tabular-nums">
        {hasEnded ? durationWords(step.duration_ms) : ''}
      </span>
      {step?.message && (
        <span className={classes('col-start-2 col-end-4', state === 'failed' ? 'text-err' : 'text-muted')}>
          <ForeignText>{step.message}</ForeignText>
        </span>
      )}
      {step?.fix && (
        <p className="col-start-2 col-end-4 mt-0.5 font-medium wrap-anywhere">
          <ForeignText>{step.fix}</ForeignText>
        </p>
      )}
      {step && step.exchanges.length > 0 && (
        <details className="col-start-2 col-end-4 mt-0.5">
          <summary className="rounded-control text-meta text-muted hover:text-ink">
            {countWords(step.exchanges.length, 'exchange')}
          </summary>
          <ul className="mt-1 flex flex-col gap-2">
            {step.exchanges.map((exchange, index) => (
              <li key={index}>
                <Exchange exchange={exchange} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}

function Exchange({ exchange }: { exchange: DoctorExchange }) {
  const { method, url, request, status, response, duration_ms } = exchange
  return (
    <div className="rounded-control bg-sunken px-2.5 py-1.5 font-mono text-code">
      <p className="break-all">
        <span className="font-medium">{method}</span> <ForeignText>{url}</ForeignText>
      </p>
      {request.map((line, index) => (
        <p key={index} className="break-all text-muted">
          <ForeignText>{line}</ForeignText>
        </p>
      ))}
      <p className="mt-1 font-medium">
        {status ?? 'No answer'} <span className="font-normal text-muted">{durationWords(duration_ms)}</span>
      </p>
      {response !== '' && (
        <pre
          tabIndex={0}
          aria-label={`Answer of ${url}`}
          className="max-h-40 overflow-y-auto break-all whitespace-pre-wrap text-muted"
        >
          <ForeignText>{response}</ForeignText>
        </pre>
      )}
    </div>
  )
}
