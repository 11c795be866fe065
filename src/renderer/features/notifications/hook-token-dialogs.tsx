import { ShieldCheck } from 'lucide-react'
import { useRef, useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Snippet } from '../agents/snippet.tsx'
import { hookSnippets } from './hook-snippets.ts'

export interface ShownHookToken {
  name: string
  token: string
  alertmanager_url: string
  events_url: string
}

/** Asks what the token is for: one that is named can be revoked without the others. */
export function NewHookTokenDialog({
  blocked,
  onClose,
  onMade,
}: {
  blocked: string | undefined
  onClose: () => void
  onMade: (made: ShownHookToken) => void
}) {
  const { client } = useConsole()
  const first = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    if (blocked !== undefined || busy) return
    if (name.trim() === '') {
      setError('Enter a name.')
      return
    }
    setBusy(true)
    try {
      onMade(await client.hook_tokens.create({ name: name.trim() }))
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setError(details[0]?.message ?? message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      title="Add hook token"
      description="It lets one program tell of events and read the metrics of this workspace, and nothing else."
    >
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextField
          ref={first}
          label="Name"
          placeholder="alertmanager-prod"
          value={name}
          maxLength={64}
          error={error}
          onChange={(event) => {
            setName(event.target.value)
            setError(undefined)
          }}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} blocked={blocked}>
            Add hook token
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** The only time that a token is seen. It closes by its button alone, so that a stray key does not lose it. */
export function HookTokenDialog({ shown, onClose }: { shown: ShownHookToken; onClose: () => void }) {
  const { name, token } = shown
  const snippets = hookSnippets({ token, alertmanagerUrl: shown.alertmanager_url, eventsUrl: shown.events_url })
  return (
    <Dialog
      open
      persistent
      wide
      onClose={onClose}
      title={`${name} is added`}
      description="Copy the token now. It is not shown again."
    >
      <div className="mt-4 flex items-center gap-3 rounded-panel border border-line bg-bg py-2 pr-2 pl-3">
        <ShieldCheck size={16} strokeWidth={1.75} aria-hidden className="flex-none text-accent" />
        <code className="min-w-0 flex-1 font-mono text-code break-all" aria-label="Token">
          {token}
        </code>
        <CopyButton look="primary" text={token} />
      </div>
      <h3 className="mt-6 mb-2 font-semibold">Use it</h3>
      <Tabs
        label="Where to use it"
        panels={snippets.map(({ id, label, where, text }) => ({
          id,
          label,
          // A snippet is read over shoulders; copying it gives the whole token.
          content: <Snippet label={label} where={where} text={text} shown={text.replaceAll(token, masked(token))} />,
        }))}
      />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}

function masked(token: string): string {
  return `${token.slice(0, 4)}…${token.slice(-4)}`
}
