import { Link } from '@tanstack/react-router'
import { CircleAlert, RotateCw, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import { useWritable } from '../../stores/console.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { channelKinds, channelProblem, untilWords } from './channel-words.ts'
import { useResume } from './use-resume.ts'

/** Why nothing gets to a channel, how much waits for it, and what can be done; nothing while all is well. */
export function ChannelTrouble({ channel, now }: { channel: Channel; now: number }) {
  const resume = useResume()
  const [busy, setBusy] = useState(false)
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const problem = channelProblem(channel)
  const { state, retry_at: retryAt, waiting } = channel.health
  const { integration, word } = channelKinds[channel.kind]
  if (problem === undefined) return null
  if (state !== 'failing') {
    return (
      <Banner
        tone="warn"
        icon={TriangleAlert}
        title={problem}
        action={
          state === 'needs_setup' &&
          integration !== undefined && (
            <Link
              to="/integrations/$slug/overview"
              params={{ slug: integration }}
              className="flex-none text-accent underline underline-offset-2"
            >
              Open {word}
            </Link>
          )
        }
      />
    )
  }
  const tryNow = async (): Promise<void> => {
    setBusy(true)
    await resume(channel)
    setBusy(false)
  }
  const next = [
    ...(waiting > 0 ? [`${waiting.toLocaleString('en')} waiting`] : []),
    ...(retryAt === null ? [] : [`next attempt ${untilWords(retryAt, now)}`]),
  ].join(', ')
  return (
    <Banner
      tone="err"
      icon={CircleAlert}
      title="Notices do not get there."
      action={
        <Button size="small" icon={RotateCw} busy={busy} blocked={blocked} onClick={() => void tryNow()}>
          Try again now
        </Button>
      }
    >
      <ForeignText className="wrap-anywhere">{problem}</ForeignText>
      {next !== '' && <span className="ml-2 text-muted tabular-nums">{next}</span>}
    </Banner>
  )
}
