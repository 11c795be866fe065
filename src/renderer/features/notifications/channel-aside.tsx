import { Send } from 'lucide-react'
import { useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import type { NewChannelInput } from './channel-draft.ts'
import { MessageView } from './message-preview.tsx'
import { TestOutcome } from './test-outcome.tsx'
import { useChannelPreview } from './use-channel-preview.ts'
import type { TestOutcome as Outcome } from './use-channel-tests.ts'

/** What a notice would look like with these settings, and a test that sends one. */
export function ChannelAside({
  id,
  channel,
  blocked,
  onFaults,
}: {
  id: string | undefined
  /** Undefined: the settings have faults. */
  channel: NewChannelInput | undefined
  blocked: string | undefined
  /** A test was asked for and the settings have faults. */
  onFaults: () => void
}) {
  const { client } = useConsole()
  const { preview, problem } = useChannelPreview(id, channel)
  const [outcome, setOutcome] = useState<Outcome>()
  const [busy, setBusy] = useState(false)
  const test = async (): Promise<void> => {
    if (!channel) {
      onFaults()
      return
    }
    setBusy(true)
    setOutcome(undefined)
    try {
      const { ok, message } = await client.channels.test_draft({ ...(id === undefined ? {} : { id }), channel })
      setOutcome({ ok, message })
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setOutcome({ ok: false, message: details[0]?.message ?? message })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <section
        aria-label="Test notice"
        className="flex flex-col items-start gap-2 rounded-panel border border-line p-4"
      >
        <h2 className="font-semibold">Test notice</h2>
        <p className="text-muted">Sends one notice with what stands here, before anything is saved.</p>
        <Button icon={Send} busy={busy} blocked={blocked} onClick={() => void test()}>
          Send test
        </Button>
        <div aria-live="polite">{outcome && <TestOutcome outcome={outcome} />}</div>
      </section>
      <section aria-label="Preview" className="flex flex-col gap-2 rounded-panel border border-line p-4">
        <h2 className="font-semibold">Preview</h2>
        <div aria-live="polite">
          {channel && problem && <FieldError>{problem.details[0]?.message ?? problem.message}</FieldError>}
        </div>
        {preview ? (
          <MessageView preview={preview} />
        ) : (
          !problem && (
            <p className="text-muted">An example notice is shown here as soon as the settings are complete.</p>
          )
        )}
      </section>
    </div>
  )
}
