import { useId } from 'react'
import type { SetupWay } from '../../../shared/contract/setup.ts'

/** Which way to connect, with what each can do. */
export function WayChoice({
  ways,
  chosen,
  onChange,
}: {
  ways: readonly SetupWay[]
  chosen: string
  onChange: (id: string) => void
}) {
  const group = useId()
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 font-medium">How to connect</legend>
      {ways.map(({ id, title, summary }) => (
        <label
          key={id}
          className="flex gap-3 rounded-panel border border-line px-4 py-3 select-none has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={group}
            value={id}
            checked={id === chosen}
            onChange={() => onChange(id)}
            className="mt-0.5 size-4 flex-none self-start accent-accent"
          />
          <span className="min-w-0">
            <span className="block font-medium">{title}</span>
            {summary !== '' && <span className="block text-muted">{summary}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
