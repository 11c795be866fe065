import { useState } from 'react'
import { IntegrationChanges, type Integration } from '../../../shared/contract/integrations.ts'
import { useConsole, usePlanLock, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { DefinitionChangeSetting } from './definition-change-setting.tsx'

type DetailName = 'display_name' | 'description' | 'category' | 'logo_url'

/** What people call it. Each field is saved when it is left; nothing about the connection changes. */
export function Details({ integration }: { integration: Integration }) {
  return (
    <section aria-label="Details">
      <h2 className="text-section font-semibold">Details</h2>
      <p className="mb-4 text-muted">Each is saved when you leave it.</p>
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-2 items-start gap-3">
          <TextField
            label="Name"
            mono
            readOnly
            value={integration.name}
            hint="Prefix of its tools. It cannot be changed."
          />
          <Detail integration={integration} name="display_name" label="Display name" />
        </div>
        <Detail integration={integration} name="description" label="Description" />
        <div className="grid grid-cols-2 items-start gap-3">
          <Detail integration={integration} name="category" label="Category" />
          <Detail integration={integration} name="logo_url" label="Logo URL" />
        </div>
        <DefinitionChangeSetting integration={integration} />
      </div>
    </section>
  )
}

function Detail({ integration, name, label }: { integration: Integration; name: DetailName; label: string }) {
  const { client, stores } = useConsole()
  const planLock = usePlanLock()
  const writable = useWritable()
  const [draft, setDraft] = useState<string>()
  const [state, setState] = useState<{ saved?: boolean; error?: string }>({})
  const stored = integration[name]
  const value = draft ?? stored

  const save = async (): Promise<void> => {
    if (draft === undefined) return
    const next = draft.trim()
    if (next === stored) {
      setDraft(undefined)
      setState({})
      return
    }
    const parsed = IntegrationChanges.safeParse({ [name]: next })
    if (!parsed.success) {
      setState({ error: parsed.error.issues[0]?.message ?? 'This is not valid.' })
      return
    }
    try {
      stores.integrations.getState().put(await client.integrations.update({ name: integration.name, [name]: next }))
      setDraft(undefined)
      setState({ saved: true })
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setState({ error: details[0]?.message ?? message })
    }
  }

  const field = {
    label,
    value,
    readOnly: !writable || planLock !== undefined,
    error: state.error,
    onChange: (event: { target: { value: string } }) => {
      setDraft(event.target.value)
      setState({})
    },
    onBlur: () => void save(),
    aside: (
      <span aria-live="polite" className="text-meta text-ok">
        {state.saved ? 'Saved' : ''}
      </span>
    ),
  }
  if (name === 'description') return <TextAreaField {...field} rows={2} />
  return (
    <TextField
      {...field}
      mono={name === 'logo_url'}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save()
        if (event.key === 'Escape') setDraft(undefined)
      }}
    />
  )
}
