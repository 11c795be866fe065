import { useMemo, useState } from 'react'
import type { NewProfile, Profile } from '../../../shared/contract/profiles.ts'
import { useIntegrations } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { useServedTools } from '../../stores/use-served-tools.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FieldError, TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { countWords } from '../../ui/words.ts'
import { EntryList } from '../tools/entry-list.tsx'
import { countMatches } from '../tools/entry-matches.ts'
import { IntegrationChoice } from './integration-choice.tsx'
import { toolsSeen } from './tools-seen.ts'

/** Which integrations and tools a profile shows, with what that makes now. */
export function ProfileDialog({
  title,
  submit,
  initial,
  blocked,
  onSubmit,
  onClose,
}: {
  title: string
  submit: string
  initial?: Profile
  blocked: string | undefined
  /** Rejects with what the core says. */
  onSubmit: (profile: NewProfile) => Promise<void>
  onClose: () => void
}) {
  const { tools } = useServedTools()
  const byName = useIntegrations((state) => state.byName)
  const [name, setName] = useState(initial?.name ?? '')
  const [scope, setScope] = useState<'all' | 'chosen'>(initial?.integrations ? 'chosen' : 'all')
  const [chosen, setChosen] = useState<readonly string[]>(initial?.integrations ?? [])
  const [enabled, setEnabled] = useState<readonly string[]>(initial?.enabled_tools ?? [])
  // Nobody has chosen yet: the core blocks what sends something.
  const [disabled, setDisabled] = useState<readonly string[] | undefined>(initial?.disabled_tools)
  const [nameError, setNameError] = useState<string>()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)

  const rules = useMemo(
    () => ({
      integrations: scope === 'all' ? null : [...chosen],
      enabled_tools: [...enabled],
      disabled_tools: [...(disabled ?? [])],
    }),
    [scope, chosen, enabled, disabled],
  )
  const shown = useMemo(() => (tools ? toolsSeen(tools, rules) : undefined), [tools, rules])
  const matches = useMemo(() => tools && countMatches(tools.map(({ gateway_name }) => gateway_name)), [tools])

  const send = async (): Promise<void> => {
    if (blocked) return
    setError(undefined)
    if (name.trim() === '') {
      setNameError('Enter a name.')
      return
    }
    setBusy(true)
    try {
      await onSubmit({ name: name.trim(), ...rules, disabled_tools: disabled && [...disabled] })
    } catch (cause) {
      const { code, message, details } = problemOf(cause)
      const named = details.find(({ path }) => path === 'name')?.message
      if (named !== undefined || code === 'name_taken') setNameError(named ?? message)
      else setError([message, ...details.map((detail) => detail.message)].join(' '))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} wide title={title}>
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextField
          label="Name"
          placeholder="Read only"
          value={name}
          error={nameError}
          maxLength={64}
          onChange={(event) => {
            setName(event.target.value)
            setNameError(undefined)
          }}
        />
        <div>
          <Segmented
            label="Integrations"
            value={scope}
            onChange={setScope}
            options={[
              { value: 'all', label: 'All, also later ones' },
              { value: 'chosen', label: 'Chosen' },
            ]}
          />
          {scope === 'chosen' && (
            <IntegrationChoice integrations={Object.values(byName)} chosen={chosen} onChange={setChosen} />
          )}
        </div>
        <EntryList
          label="Allow list"
          hint="empty = all tools of these integrations"
          entries={enabled}
          placeholder="name or pattern, for example github__*"
          matches={matches ?? undefined}
          readOnly={false}
          onChange={setEnabled}
        />
        <EntryList
          label="Block list"
          hint={
            disabled === undefined
              ? 'left alone, tools of system integrations that send or change something are blocked'
              : 'applied after the allow list'
          }
          entries={disabled ?? []}
          placeholder="name or pattern, for example github__*"
          matches={matches ?? undefined}
          readOnly={false}
          onChange={setDisabled}
        />
        {/* In view whatever is edited above it: the count answers every change. */}
        <div className="sticky -bottom-6 -mx-6 -mb-6 border-t border-line bg-surface px-6 py-3">
          <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
          <div className="flex items-center gap-2">
            <p role="status" className="min-h-5 flex-1 text-muted">
              {shown &&
                tools &&
                `Shows ${shown.count.toLocaleString('en')} of ${countWords(tools.length, 'tool')}, about ${countWords(shown.tokens, 'token')}.`}
            </p>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={busy} blocked={blocked}>
              {submit}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  )
}
