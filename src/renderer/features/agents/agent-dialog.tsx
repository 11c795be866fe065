import '../../zod-jitless.ts'
import { useMemo, useState } from 'react'
import { type Agent, AgentName, type DiscoveryMode, type NewAgent } from '../../../shared/contract/agents.ts'
import { useProfiles } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { nameOrder } from '../../ui/order.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { countWords } from '../../ui/words.ts'
import { discoveryWords } from './discovery-words.ts'
import { useToolsSeen } from './use-tools-seen.ts'

/** Stand for null, which neither a select nor a radio button can hold. */
const ALL_TOOLS = ''
const AS_IN_SETTINGS = 'settings'

/** Name, profile and discovery mode of an agent, to add or to change one. */
export function AgentDialog({
  title,
  submit,
  initial,
  blocked,
  onSubmit,
  onClose,
}: {
  title: string
  submit: string
  initial?: Agent
  blocked: string | undefined
  /** Rejects with what the core says. */
  onSubmit: (agent: Required<NewAgent>) => Promise<void>
  onClose: () => void
}) {
  const profiles = useProfiles((state) => state.byId)
  const seen = useToolsSeen()
  const [name, setName] = useState(initial?.name ?? '')
  const [profile, setProfile] = useState(initial?.profile_id ?? ALL_TOOLS)
  const [mode, setMode] = useState<DiscoveryMode | typeof AS_IN_SETTINGS>(initial?.discovery_mode ?? AS_IN_SETTINGS)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const options = useMemo(
    () => [
      { value: ALL_TOOLS, label: 'All tools' },
      ...Object.values(profiles)
        .sort(nameOrder)
        .map(({ id, name: label }) => ({ value: id, label })),
    ],
    [profiles],
  )
  const count = seen?.get(profile === ALL_TOOLS ? null : profile)?.count

  const send = async (): Promise<void> => {
    if (blocked) return
    const parsed = AgentName.safeParse(name)
    if (!parsed.success) {
      setError(parsed.error.issues[0]?.message)
      return
    }
    setBusy(true)
    try {
      await onSubmit({
        name: parsed.data,
        profile_id: profile === ALL_TOOLS ? null : profile,
        discovery_mode: mode === AS_IN_SETTINGS ? null : mode,
      })
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setError(details[0]?.message ?? message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextField
          label="Name"
          placeholder="claude-code"
          value={name}
          error={error}
          maxLength={64}
          onChange={(event) => {
            setName(event.target.value)
            setError(undefined)
          }}
        />
        <div>
          <p aria-hidden className="mb-1 font-medium">
            Profile
          </p>
          <Select label="Profile" value={profile} onChange={setProfile} options={options} className="w-full" />
          <p role="status" className="mt-1 min-h-4 text-meta text-muted">
            {count !== undefined && `It sees ${countWords(count, 'tool')} now.`}
          </p>
        </div>
        <Segmented
          label="Discovery mode"
          value={mode}
          onChange={setMode}
          options={[
            { value: AS_IN_SETTINGS, label: 'As in the settings' },
            { value: 'full', label: discoveryWords.full },
            { value: 'lazy', label: discoveryWords.lazy },
          ]}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} blocked={blocked}>
            {submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
