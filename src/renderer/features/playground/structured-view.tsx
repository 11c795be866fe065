import { CircleAlert, CircleCheck, CircleMinus } from 'lucide-react'
import { parseJson } from '../../json/parse.ts'
import { valueAt } from '../../json/pointer.ts'
import { printJson } from '../../json/print.ts'
import type { Check } from '../../schema-check/check.ts'
import { useCheck } from '../../schema-check/use-check.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords } from '../../ui/words.ts'
import { JsonView } from './json-view.tsx'

const MEMBER = '/structuredContent'

/** `structuredContent`, and whether it is what the tool's output schema promises. */
export function StructuredView({
  schema,
  result,
  json,
}: {
  schema: unknown
  result: Readonly<Record<string, unknown>>
  json: string
}) {
  const there = result.structuredContent !== undefined
  const { check } = useCheck(schema, json, () => (there && schema !== undefined ? structuredText(json) : undefined))
  if (!there) {
    return (
      <p className="text-muted">
        The tool gave no structured content{schema !== undefined && ', although it has a schema for it'}.
      </p>
    )
  }
  return (
    <>
      {schema === undefined ? (
        <p className="mb-2 text-muted">The tool has no schema to check this by.</p>
      ) : (
        <Verdict check={check} />
      )}
      <JsonView label="Structured content" json={json} pointer={MEMBER} />
    </>
  )
}

function structuredText(json: string): string | undefined {
  const value = valueAt(parseJson(json).value, MEMBER)
  return value === undefined ? undefined : printJson(value, 0)
}

function Verdict({ check }: { check: Check | undefined }) {
  if (!check) return <p className="mb-2 text-muted">Not checked by the schema yet.</p>
  if (!check.checked) {
    return (
      <p className="mb-2 flex items-center gap-1.5 text-warn">
        <CircleMinus size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
        <span className="min-w-0 wrap-anywhere">Not checked. {check.reason}</span>
      </p>
    )
  }
  if (check.findings.length === 0) {
    return (
      <p className="mb-2 flex items-center gap-1.5 text-ok">
        <CircleCheck size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
        Matches the output schema of the tool
      </p>
    )
  }
  return (
    <div className="mb-2">
      <p className="flex items-center gap-1.5 text-err">
        <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
        Does not match the output schema of the tool: {countWords(check.findings.length, 'problem')}
      </p>
      <ul className="mt-1 flex flex-col gap-1">
        {check.findings.slice(0, 10).map(({ pointer, message }) => (
          <li key={pointer} className="wrap-anywhere">
            <ForeignText className="font-mono text-code">{pointer.slice(1, 200) || 'the whole'}</ForeignText>: {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
