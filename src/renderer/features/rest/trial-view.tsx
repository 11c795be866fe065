import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react'
import { useMemo } from 'react'
import type { RestTry } from '../../../shared/contract/openapi.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { durationWords } from '../../ui/words.ts'
import { ContentView } from '../playground/content-view.tsx'
import { JsonView } from '../playground/json-view.tsx'
import { sizeWords } from '../playground/run-words.ts'
import { RequestView } from './request-view.tsx'
import type { Trial } from './use-try.ts'

/** How a try went: what the API answered, and what an agent would get of it. */
export function TrialView({ trial }: { trial: Trial }) {
  return (
    <section aria-label="Answer" aria-live="polite" className="flex flex-col gap-2">
      {trial.state === 'running' && (
        <p className="flex items-center gap-2 text-muted">
          <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin flex-none" />
          Waiting for the API
        </p>
      )}
      {trial.state === 'stopped' && <p className="text-muted">Stopped. The API may have acted on it already.</p>}
      {trial.state === 'failed' && <ErrorState flush title="It was not sent" problem={trial.problem} />}
      {trial.state === 'done' && <Answer answer={trial.answer} />}
    </section>
  )
}

function Answer({ answer: { request, response, result } }: { answer: RestTry }) {
  const failed = result.isError === true
  const Icon = failed ? CircleAlert : CircleCheck
  const json = useMemo(() => JSON.stringify(result), [result])
  return (
    <>
      <p className={classes('flex flex-wrap items-center gap-x-3 tabular-nums', failed ? 'text-err' : 'text-ok')}>
        <span className="flex items-center gap-1.5 font-medium">
          <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
          {response ? `HTTP ${response.status}` : 'No answer'}
        </span>
        {response && (
          <span className="text-muted">
            {durationWords(response.duration_ms)}, {sizeWords(response.bytes)}
          </span>
        )}
      </p>
      <Tabs
        label="Answer"
        panels={[
          { id: 'content', label: 'What an agent gets', content: <ContentView result={result} /> },
          ...(result.structuredContent === undefined
            ? []
            : [
                {
                  id: 'structured',
                  label: 'Structured',
                  content: <JsonView label="Structured content" json={json} pointer="/structuredContent" />,
                },
              ]),
          ...(response
            ? [
                {
                  id: 'headers',
                  label: 'Headers',
                  content: (
                    <ul className="font-mono text-code" aria-label="Headers of the answer">
                      {response.headers.map(([name, value], index) => (
                        <li key={index} className="wrap-anywhere">
                          <span className="text-muted">{name}:</span> <ForeignText>{value}</ForeignText>
                        </li>
                      ))}
                    </ul>
                  ),
                },
              ]
            : []),
          ...(request ? [{ id: 'request', label: 'Sent', content: <RequestView request={request} /> }] : []),
        ]}
      />
    </>
  )
}
