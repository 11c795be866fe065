import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook } from '../../ui/field.tsx'
import { useNow } from '../../ui/use-now.ts'
import { isMuted, untilWords } from './channel-words.ts'

const HOUR_MS = 3_600_000

/** Silence for a while: nothing is sent, and nothing is made up for afterwards. */
export function MuteField({ value, onChange }: { value: string | null; onChange: (until: string | null) => void }) {
  const id = useId()
  const now = useNow(30_000)
  const muted = isMuted(value, now)
  // What stands in the field while it has the focus: typed key by key, a time is over before it is the one that is meant.
  const [typed, setTyped] = useState<string>()
  const until = typed ?? (muted && value !== null ? localOf(value) : '')
  const isOver = typed !== undefined && typed !== '' && !muted
  const muteFor = (hours: number): void => onChange(new Date(Date.now() + hours * HOUR_MS).toISOString())
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} className="mb-1 font-medium">
        Mute
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {muted && value !== null ? (
          <>
            <span className="text-warn">Muted until {untilWords(value, now)}</span>
            <Button size="small" onClick={() => onChange(null)}>
              Unmute
            </Button>
          </>
        ) : (
          <>
            <Button size="small" onClick={() => muteFor(1)}>
              For 1 h
            </Button>
            <Button size="small" onClick={() => muteFor(8)}>
              For 8 h
            </Button>
          </>
        )}
        <label className="flex items-center gap-2 text-muted">
          until
          <input
            type="datetime-local"
            aria-label="Mute until"
            value={until}
            onFocus={() => setTyped(until)}
            onBlur={() => setTyped(undefined)}
            onChange={(event) => {
              setTyped(event.target.value)
              const time = Date.parse(event.target.value)
              onChange(time > Date.now() ? new Date(time).toISOString() : null)
            }}
            className={classes(controlLook, 'h-8 w-auto! border-line-strong text-ink tabular-nums')}
          />
        </label>
      </div>
      <p role="status" className="text-meta text-warn">
        {isOver && 'That time is over: nothing is muted.'}
      </p>
      <p className="mt-1 text-meta text-muted">
        What happens until then is not sent, nor made up for afterwards. A resolve is sent when it ends.
      </p>
    </div>
  )
}

/** As a native field wants it: the local time, to the minute. */
function localOf(time: string): string {
  const at = new Date(time)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length)
}
