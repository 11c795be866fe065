import { Braces, ClipboardCopy, LoaderCircle, Play, RotateCcw, Square } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Tool } from '../../../shared/contract/tools.ts'
import type { Finding } from '../../schema-check/check.ts'
import { useCheck } from '../../schema-check/use-check.ts'
import { useConsole, useSystem, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { JsonEditor, type JsonEditorHandle } from '../../ui/json-editor.tsx'
import { keySigns } from '../../ui/keys.ts'
import { OverflowMenu } from '../../ui/menu.tsx'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { asCurl, asJsonRpc } from './copy-call.ts'
import { focusField } from './focus-arguments.ts'
import { runTool } from './run-tool.ts'
import { hiddenWords } from './tool-state-words.ts'
import { checkable, sendable, useArguments } from './use-arguments.ts'

/** What is in the way of a call, after somebody tried to make it. */
interface Obstacle {
  /** Of the draft that it was tried with: gone once that changes. */
  draft: unknown
  problem: string
  /** The schema objects; the tool may be called all the same. */
  bySchema: boolean
}

/** The arguments of a tool, as a form or as JSON, and the button that calls it with them. */
export function ArgumentsPanel({ tool }: { tool: Tool }) {
  const { client, stores } = useConsole()
  const { playground } = stores
  const name = tool.gateway_name
  const writable = useWritable()
  const mcpUrl = useSystem((state) => state.status?.mcp_url ?? '')
  const running = useStore(playground, (state) => state.runs.get(name)?.state === 'running')
  const args = useArguments(tool)
  const { draft, view } = args
  const editor = useRef<JsonEditorHandle>(null)
  const [obstacle, setObstacle] = useState<Obstacle>()
  /** From the first try on, what is missing is told too. */
  const [tried, setTried] = useState(false)
  const [copied, setCopied] = useState('')

  const { check, checkNow } = useCheck(tool.input_schema, draft, () => checkable(draft))
  const findings = useMemo(
    () => (check?.checked ? check.findings.filter(({ missing }) => tried || !missing) : []),
    [check, tried],
  )
  const problems = useMemo(() => new Map(findings.map(({ pointer, message }) => [pointer, message])), [findings])
  const blocked = writable ? hiddenWords(tool.state) : 'Reconnecting'
  const now = obstacle?.draft === draft ? obstacle : undefined

  const goTo = (pointer: string | undefined, offset: number | undefined): void => {
    if (view === 'json') editor.current?.goTo(offset ?? 0)
    else if (pointer === undefined || !focusField(pointer)) args.setView('json')
  }
  const call = async (anyway = false): Promise<void> => {
    if (running || blocked !== undefined) return
    // A key may have changed them a moment ago.
    const latest = playground.getState().drafts.get(name) ?? draft
    const sent = sendable(latest)
    if (sent.text === undefined) {
      setObstacle({ draft: latest, problem: sent.problem, bySchema: false })
      goTo(sent.pointer, sent.offset)
      return
    }
    if (!anyway) {
      const checked = await checkNow(sent.text)
      if (checked?.checked && checked.findings.length > 0) {
        setTried(true)
        setObstacle({ draft: latest, problem: summaryOf(checked.findings), bySchema: true })
        if (view === 'form') focusField(checked.findings[0]?.pointer ?? '')
        return
      }
    }
    setObstacle(undefined)
    setTried(false)
    await runTool({ client, store: playground, tool: name, args: sent.text })
  }
  useCommand('submit', () => void call())

  const copy = (make: (value: Parameters<typeof asJsonRpc>[0]) => string): void => {
    const sent = sendable(draft)
    if (sent.text === undefined) setObstacle({ draft, problem: sent.problem, bySchema: false })
    else {
      navigator.clipboard.writeText(make({ tool: name, args: sent.value })).then(
        () => setCopied('Copied'),
        () => setCopied('Copy failed'),
      )
    }
  }

  return (
    <section aria-label="Arguments" data-arguments className="flex min-h-0 flex-1 flex-col px-4">
      <Tabs
        label="Arguments"
        fill
        value={view}
        onChange={(next) => args.setView(next === 'json' ? 'json' : 'form')}
        panels={[
          {
            id: 'form',
            label: 'Form',
            content: <FormView args={args} problems={problems} onShowJson={() => args.setView('json')} />,
          },
          {
            id: 'json',
            label: 'JSON',
            content: (
              <div className="flex min-h-60 flex-1 flex-col">
                <div className="min-h-0 flex-1 pb-1">
                  <JsonEditor
                    ref={editor}
                    label="Arguments as JSON"
                    value={args.text}
                    onChange={args.type}
                    fault={args.fault}
                  />
                </div>
                {args.fault ? (
                  <FieldError>
                    Line {args.fault.line}, column {args.fault.column}: {args.fault.message}.{' '}
                    <button
                      type="button"
                      onClick={() => editor.current?.goTo(args.fault?.offset ?? 0)}
                      className="text-accent hover:underline"
                    >
                      Go there
                    </button>
                  </FieldError>
                ) : (
                  <FindingList findings={findings} />
                )}
              </div>
            ),
          },
        ]}
      />
      <div className="sticky bottom-0 flex-none border-t border-line bg-surface py-3">
        {now && (
          <div className="mb-2 flex flex-wrap items-start gap-2" role="alert">
            <div className="min-w-0 flex-1">
              <FieldError>
                <ForeignText>{now.problem}</ForeignText>
              </FieldError>
            </div>
            {now.bySchema && (
              <Button size="small" onClick={() => void call(true)}>
                Call anyway
              </Button>
            )}
          </div>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            look="primary"
            icon={running ? LoaderCircle : Play}
            keys={keySigns('$mod+Enter')}
            busy={running}
            blocked={blocked}
            data-call
            onClick={() => void call()}
          >
            Call tool
          </Button>
          {running && <StopButton name={name} />}
          {tool.annotations.destructiveHint === true && tool.annotations.readOnlyHint !== true && (
            <span className="text-meta text-warn">destructive</span>
          )}
          <span role="status" className="ml-auto text-meta text-muted">
            {copied}
          </span>
          <OverflowMenu
            label="More for this call"
            entries={[
              { label: 'Copy as JSON-RPC', icon: Braces, onSelect: () => copy(asJsonRpc) },
              { label: 'Copy as curl', icon: ClipboardCopy, onSelect: () => copy((made) => asCurl(mcpUrl, made)) },
              'separator',
              { label: 'Reset the arguments', icon: RotateCcw, onSelect: args.reset },
            ]}
          />
        </div>
      </div>
    </section>
  )
}

function FormView({
  args: { field, value, fault, edit },
  problems,
  onShowJson,
}: {
  args: ReturnType<typeof useArguments>
  problems: ReadonlyMap<string, string>
  onShowJson: () => void
}) {
  if (value === undefined) {
    return (
      <div className="flex flex-col items-start gap-3 py-2">
        <p>
          The form waits until the JSON can be read
          {fault && `: line ${fault.line}, column ${fault.column}: ${fault.message}`}. Nothing of it is lost.
        </p>
        <Button onClick={onShowJson}>Show the JSON</Button>
      </div>
    )
  }
  const takesNothing = field.kind === 'object' && field.properties.length === 0
  return (
    <div className="pb-4">
      {takesNothing && <p className="mb-3 text-muted">This tool takes no arguments.</p>}
      <SchemaForm label="Arguments" field={field} value={value} onChange={edit} problems={problems} />
    </div>
  )
}

function FindingList({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul aria-label="What the schema says" className="max-h-32 flex-none overflow-y-auto">
      {findings.slice(0, 20).map(({ pointer, message }) => (
        <li key={pointer}>
          <FieldError>
            <ForeignText className="font-mono text-code">{nameOf(pointer)}</ForeignText>: {message}
          </FieldError>
        </li>
      ))}
    </ul>
  )
}

function StopButton({ name }: { name: string }) {
  const { playground } = useConsole().stores
  const stop = (): void => {
    const run = playground.getState().runs.get(name)
    if (run?.state === 'running') run.stop()
  }
  return (
    <Button icon={Square} onClick={stop}>
      Stop
    </Button>
  )
}

function summaryOf(findings: readonly Finding[]): string {
  const [first] = findings
  const said = `${nameOf(first?.pointer ?? '')}: ${first?.message ?? ''}`
  return findings.length === 1 ? said : `${countWords(findings.length, 'problem')} by the schema. ${said}`
}

function nameOf(pointer: string): string {
  return pointer.slice(1, 200) || 'arguments'
}
