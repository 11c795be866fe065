import { useMemo } from 'react'
import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords } from '../../ui/words.ts'
import { descriptionOfTool, nameOfTool, type ToolEdit, type ToolEdits, tokensOf } from './chosen-tools.ts'
import { requestLine } from './request-line.ts'
import { ruleProblem } from './tool-names.ts'

/** The tool that an operation would be: its name and description to edit, its request, and what an agent sees of its arguments. */
export function OperationDetails({
  tool,
  edits,
  problem,
  baseUrl,
  onEdit,
}: {
  tool: PreviewTool
  edits: ToolEdits
  /** What is wrong with its name. */
  problem: string | undefined
  baseUrl: string
  onEdit: (edit: ToolEdit) => void
}) {
  const schema = useMemo(() => JSON.stringify(tool.input_schema, null, 2), [tool])
  const edit = edits.get(tool.name)
  const reset = (what: keyof ToolEdit, value: string) =>
    edit?.[what] !== undefined && (
      <button
        type="button"
        data-action="none"
        className="text-meta text-accent underline underline-offset-2"
        onClick={() => onEdit({ [what]: value })}
      >
        As in the document
      </button>
    )
  return (
    <div className="grid gap-x-8 gap-y-4 @min-[860px]:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-3">
        {tool.warnings.length > 0 && (
          <ul aria-label="Warnings" className="flex flex-col gap-1 rounded-panel bg-warn-soft px-3 py-2">
            {tool.warnings.map((warning) => (
              <li key={warning} className="wrap-anywhere">
                <ForeignText>{warning}</ForeignText>
              </li>
            ))}
          </ul>
        )}
        <TextField
          label="Name"
          mono
          maxLength={200}
          value={nameOfTool(tool, edits)}
          // A clash matters among what is chosen; the rule is always one.
          error={problem ?? ruleProblem(nameOfTool(tool, edits))}
          aside={reset('name', tool.name)}
          onChange={(event) => onEdit({ name: event.target.value.trim() })}
        />
        <TextAreaField
          label="Description"
          grows
          rows={2}
          maxLength={50_000}
          value={descriptionOfTool(tool, edits)}
          aside={reset('description', tool.description)}
          onChange={(event) => onEdit({ description: event.target.value })}
        />
      </div>
      <dl className="flex min-w-0 flex-col gap-3 [&_dt]:mb-1 [&_dt]:font-medium">
        <div>
          <dt>Request</dt>
          <dd className="rounded-control bg-sunken px-2 py-1 font-mono text-code wrap-anywhere">
            {tool.method} {requestLine(tool, baseUrl)}
            {tool.body && <span className="block text-muted">{tool.body.content_type}</span>}
          </dd>
        </div>
        <div>
          <dt>
            Arguments, as agents see them{' '}
            <span className="font-normal text-muted">about {countWords(tokensOf(tool, edits), 'token')} in all</span>
          </dt>
          <dd>
            <pre
              tabIndex={0}
              aria-label={`Input schema of ${tool.name}`}
              className="max-h-80 overflow-auto rounded-control bg-sunken p-2 font-mono text-code wrap-anywhere whitespace-pre-wrap"
            >
              <ForeignText>{schema}</ForeignText>
            </pre>
          </dd>
        </div>
      </dl>
    </div>
  )
}
