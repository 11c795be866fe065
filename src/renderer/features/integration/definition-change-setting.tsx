import { useState } from 'react'
import type { Integration, OnDefinitionChange } from '../../../shared/contract/integrations.ts'
import { useConsole, usePlanLock, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { FieldError } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'

const choices: Record<OnDefinitionChange, { label: string; hint: string }> = {
  hold: {
    label: 'Hold it',
    hint: 'Agents do not get a tool that its server has changed or renamed, until you look at it and approve it. Added tools are marked new.',
  },
  notify: {
    label: 'Serve it and tell me',
    hint: 'Agents get it at once. It is marked in the Tools tab until you approve it.',
  },
  allow: {
    label: 'Accept it',
    hint: 'Agents get it at once and nothing is marked. Whoever runs the server decides what your agents read.',
  },
}

/** What happens when the server describes a tool otherwise than approved. Saved at once. */
export function DefinitionChangeSetting({ integration }: { integration: Integration }) {
  const { client, stores } = useConsole()
  const planLock = usePlanLock()
  const writable = useWritable()
  const [error, setError] = useState<string>()
  const current = integration.on_definition_change
  const save = async (next: OnDefinitionChange): Promise<void> => {
    setError(undefined)
    try {
      const saved = await client.integrations.update({ name: integration.name, on_definition_change: next })
      stores.integrations.getState().put(saved)
    } catch (cause) {
      setError(problemOf(cause).message)
    }
  }
  return (
    <div>
      <Segmented
        label="When the server changes a tool"
        value={current}
        options={(Object.keys(choices) as OnDefinitionChange[]).map((value) => ({
          value,
          label: choices[value].label,
        }))}
        disabled={!writable || planLock !== undefined}
        onChange={(next) => void save(next)}
      />
      <p className="mt-1 text-meta text-muted" aria-live="polite">
        {choices[current].hint}
      </p>
      {error !== undefined && <FieldError>{error}</FieldError>}
    </div>
  )
}
