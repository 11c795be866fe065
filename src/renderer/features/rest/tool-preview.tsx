import { Play, RotateCcw, Square } from 'lucide-react'
import { useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { isReading } from '../../../shared/http-methods.ts'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import { keySigns } from '../../ui/keys.ts'
import { Tabs } from '../../ui/tabs.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { RequestView } from './request-view.tsx'
import { TrialView } from './trial-view.tsx'
import { useExample } from './use-example.ts'
import { useToolPreview } from './use-tool-preview.ts'
import { useTry } from './use-try.ts'

/** What a tool is to an agent and to the API, as it is written: nothing is stored, and nothing is sent before Try it. */
export function ToolPreview({
  connection,
  unready,
  tool,
  onIncomplete,
}: {
  connection: RestConnectionDraft
  /** Why nothing can be sent yet. */
  unready: string | undefined
  /** Undefined while something is wrong with it. */
  tool: RestTool | undefined
  /** Somebody wants to try a tool that is not complete. */
  onIncomplete: () => void
}) {
  const writable = useWritable()
  const example = useExample(tool)
  const { args } = example
  const { preview, problem } = useToolPreview(connection, tool, args)
  const { trial, run, stop } = useTry()
  const [asking, setAsking] = useState(false)
  const running = trial.state === 'running'
  const blocked = unready ?? (writable ? undefined : 'Reconnecting')
  const request = preview?.request
  const stale = !tool || !args

  const send = (): void => {
    if (tool && args) void run(connection, tool, args)
  }
  const tryIt = (): void => {
    if (running || blocked !== undefined) return
    if (!tool) onIncomplete()
    else if (args && !isReading(tool.method)) setAsking(true)
    else send()
  }
  useCommand('submit', tryIt)

  return (
    <div className="flex flex-col gap-5">
      <section aria-label="Example arguments">
        <div className="mb-1 flex min-h-6 items-center justify-between gap-2">
          <h2 className="font-medium">Example arguments</h2>
          {example.isOwn && (
            <Button size="small" look="quiet" icon={RotateCcw} onClick={example.reset}>
              From the schema
            </Button>
          )}
        </div>
        <JsonEditor
          label="Example arguments"
          value={example.text}
          onChange={example.type}
          grows
          fault={example.fault}
          invalid={args === undefined}
        />
        {example.fault ? (
          <FieldError>
            Line {example.fault.line}, column {example.fault.column}: {example.fault.message}.
          </FieldError>
        ) : (
          !args && <FieldError>Arguments are a JSON object, in {'{ and }'}.</FieldError>
        )}
        {!stale && preview && preview.problems.length > 0 && (
          <ul aria-label="Problems of the arguments">
            {preview.problems.map(({ path, message }, index) => (
              <li key={index}>
                <FieldError>
                  <ForeignText>{path === '' ? message : `${path}: ${message}`}</ForeignText>
                </FieldError>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Preview">
        <Tabs
          label="Preview"
          panels={[
            {
              id: 'request',
              label: 'Request',
              content: request ? (
                <div className={classes(stale && 'opacity-60')}>
                  <RequestView request={request} />
                </div>
              ) : (
                <p className="text-muted">
                  {problem
                    ? problem.message
                    : preview
                      ? 'These arguments make no request yet.'
                      : 'Fill in the path, and the request that it makes is shown here.'}
                </p>
              ),
            },
            {
              id: 'tool',
              label: 'For agents',
              content: preview ? (
                <div className={classes('flex flex-col gap-1', stale && 'opacity-60')}>
                  <JsonEditor label="The tool as agents see it" value={jsonOf(preview.tool)} readOnly grows />
                  <p className="text-meta text-muted">About {countWords(preview.tokens, 'token')} in their context.</p>
                </div>
              ) : (
                <p className="text-muted">{problem?.message ?? 'What agents see of the tool is shown here.'}</p>
              ),
            },
          ]}
        />
        {stale && preview && <p className="mt-1 text-meta text-muted">As it was before the last changes.</p>}
      </section>
      <div className="flex flex-col gap-3">
        {running ? (
          <Button icon={Square} className="self-start" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button icon={Play} className="self-start" keys={keySigns('$mod+Enter')} blocked={blocked} onClick={tryIt}>
            Try it
          </Button>
        )}
        <TrialView trial={trial} />
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          send()
        }}
        look={tool?.method === 'DELETE' ? 'danger' : 'primary'}
        title={`Send this ${tool?.method ?? ''}?`}
        confirm={`Send ${tool?.method ?? ''}`}
      >
        It goes to the real API and may change something there.
        {request && <span className="mt-2 block font-mono text-code wrap-anywhere">{request.url}</span>}
      </ConfirmDialog>
    </div>
  )
}

function jsonOf(tool: Record<string, unknown>): string {
  return JSON.stringify(tool, null, 2)
}
