import { useState } from 'react'
import type { StoredQuery } from '../../../shared/contract/prometheus.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { UNITS } from './metric-words.ts'

/** A query whose values are kept from the next poll on. */
export function QueryDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { client } = useConsole()
  const [name, setName] = useState('')
  const [query, setQuery] = useState('')
  const [unit, setUnit] = useState<StoredQuery['unit']>('number')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const errorAt = (path: string) => problem?.details.find((detail) => detail.path === path)?.message
  const isPlaced = problem?.details.some(({ path }) => path === 'name' || path === 'query') === true
  const send = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await client.prometheus.create_query({ name, query, unit })
      onAdded()
    } catch (cause) {
      setProblem(problemOf(cause))
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title="Add query">
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
        onKeyDown={(event) => {
          // Under a dialog no command is heard; in the field of several lines Enter alone is a line.
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
        }}
      >
        <TextField
          label="Name"
          value={name}
          error={errorAt('name')}
          placeholder="Requests"
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
        <TextAreaField
          label="Query"
          value={query}
          error={errorAt('query')}
          placeholder="sum(rate(http_requests_total[5m]))"
          hint="PromQL, evaluated at each poll. More than 50 series are cut."
          mono
          grows
          rows={2}
          onChange={(event) => setQuery(event.target.value)}
        />
        <div role="group" aria-label="Unit">
          <p className="mb-1 font-medium">Unit</p>
          <Select label="Unit" value={unit} options={UNITS} onChange={setUnit} className="min-w-50" />
        </div>
        {problem !== undefined && !isPlaced && (
          <div role="alert">
            <FieldError>{problem.message}</FieldError>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Add query
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
