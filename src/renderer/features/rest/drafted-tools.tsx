import { Copy, Import, Pencil, Plus, X } from 'lucide-react'
import type { Ref } from 'react'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { countWords } from '../../ui/words.ts'
import { MethodBadge } from '../openapi-import/operation-marks.tsx'

/** The tools of an integration that is not stored yet. */
export function DraftedTools({
  tools,
  addButton,
  onAdd,
  onImport,
  onEdit,
  onDuplicate,
  onRemove,
}: {
  tools: readonly RestTool[]
  addButton: Ref<HTMLButtonElement>
  onAdd: () => void
  onImport: () => void
  onEdit: (index: number) => void
  onDuplicate: (index: number) => void
  onRemove: (index: number) => void
}) {
  return (
    <section aria-label="Tools">
      <div className="flex items-baseline gap-2">
        <h2 className="font-medium">Tools</h2>
        {tools.length > 0 && <span className="text-meta text-muted">{countWords(tools.length, 'tool')}</span>}
      </div>
      {tools.length === 0 && (
        <p className="text-muted">
          Each is one request that agents can make. They can be added later, or imported from a description of the API.
        </p>
      )}
      <ul>
        {tools.map(({ name, method, path }, index) => (
          <li key={name} data-tool={name} className="flex min-h-10 items-center gap-2 border-b border-line">
            <span className="w-16 flex-none">
              <MethodBadge method={method} />
            </span>
            <span className="min-w-0 flex-1 truncate font-mono text-code" title={`${name}  ${path}`}>
              {name} <span className="text-muted">{path}</span>
            </span>
            <IconButton icon={Pencil} size="small" label={`Edit ${name}`} onClick={() => onEdit(index)} />
            <IconButton icon={Copy} size="small" label={`Duplicate ${name}`} onClick={() => onDuplicate(index)} />
            <IconButton icon={X} size="small" label={`Remove ${name}`} onClick={() => onRemove(index)} />
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button ref={addButton} icon={Plus} onClick={onAdd}>
          Add tool
        </Button>
        {tools.length === 0 && (
          <Button icon={Import} onClick={onImport}>
            Import OpenAPI
          </Button>
        )}
      </div>
    </section>
  )
}
