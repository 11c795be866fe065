import { useMemo } from 'react'
import type { FieldChange } from '../../../shared/contract/openapi.ts'
import { DiffView } from '../../ui/diff-view.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, countWords } from '../../ui/words.ts'
import { fieldDiff } from './field-diff.ts'
import type { Entry } from './reimport-rows.ts'

/** What is different about one tool, field by field; and who uses it. */
export function EntryDetails({ entry }: { entry: Entry }) {
  const { fate, fields, preview } = entry
  const schema = useMemo(() => (preview ? JSON.stringify(preview.input_schema, null, 2) : ''), [preview])
  return (
    <div className="flex max-w-200 flex-col gap-4">
      <Users entry={entry} />
      {fate === 'removed' && <p>The document has this operation no more. Its calls will fail once the API drops it.</p>}
      {fate === 'deprecated' && <p>The document marks this operation as deprecated now. The tool stays as it is.</p>}
      {fields.map((field) => (
        <FieldView key={field.path} tool={entry.tool} field={field} />
      ))}
      {preview && (
        <>
          {preview.warnings.length > 0 && (
            <ul aria-label="Warnings" className="flex flex-col gap-1 rounded-panel bg-warn-soft px-3 py-2">
              {preview.warnings.map((warning) => (
                <li key={warning}>
                  <ForeignText>{warning}</ForeignText>
                </li>
              ))}
            </ul>
          )}
          <p>
            <LongText
              text={[preview.description, preview.title].find(Boolean) ?? 'The document gives no description.'}
            />
          </p>
          <pre
            tabIndex={0}
            aria-label={`Input schema of ${preview.name}`}
            className="max-h-60 overflow-auto rounded-control bg-sunken p-2 font-mono text-code wrap-anywhere whitespace-pre-wrap"
          >
            <ForeignText>{schema}</ForeignText>
          </pre>
        </>
      )}
    </div>
  )
}

function FieldView({ tool, field }: { tool: string; field: FieldChange }) {
  const diff = useMemo(() => fieldDiff(field), [field])
  return (
    <section aria-label={field.path}>
      <h2 className="mb-1 flex flex-wrap items-baseline gap-2">
        <span className="font-mono text-code wrap-anywhere">{field.path}</span>
        {field.kept && (
          <span className="rounded-[4px] bg-info-soft px-1.5 text-meta text-info">kept: you edited it by hand</span>
        )}
      </h2>
      <DiffView prose label={`${field.path} of ${tool}`} diff={diff} />
    </section>
  )
}

function Users({ entry: { profiles, calls } }: { entry: Entry }) {
  const now = useNow(30_000)
  if (profiles.length === 0 && !calls) return null
  return (
    <p className="text-muted">
      {profiles.length > 0 && `${profiles.length === 1 ? 'Profile' : 'Profiles'}: ${profiles.join(', ')}. `}
      {calls && `Called ${countWords(calls.count, 'time')} in the last 7 days, last ${agoWords(calls.last_at, now)}.`}
    </p>
  )
}
