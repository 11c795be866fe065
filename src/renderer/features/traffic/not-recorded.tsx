import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { useSettingChange, useSettings } from '../settings/use-settings.ts'

/** Why there is nothing to read of a call, and how there will be from now on. */
export function NotRecorded({ recorded }: { recorded: boolean }) {
  const { settings } = useSettings()
  const { change, busy, error } = useSettingChange()
  const writable = useWritable()
  const toSettings = useRef<HTMLAnchorElement>(null)
  const isOn = settings?.record_bodies === true
  return (
    <div className="flex flex-col items-start gap-3 text-muted">
      <p>
        {recorded
          ? 'This was recorded, but what calls said is kept for the newest calls only.'
          : isOn
            ? 'This call was not recorded. From now on calls are, with arguments and results.'
            : 'Arguments and results are not recorded.'}
      </p>
      <div className="flex items-center gap-3">
        {!recorded && !isOn && settings !== null && (
          <Button
            busy={busy}
            blocked={writable ? undefined : 'Reconnecting'}
            onClick={() =>
              void change({ record_bodies: true }).then((taken) => {
                // The button that had the focus goes.
                if (taken) toSettings.current?.focus()
              })
            }
          >
            Record them
          </Button>
        )}
        <Link ref={toSettings} to="/settings/gateway" className="text-accent underline underline-offset-2">
          Settings of the call log
        </Link>
      </div>
      {error !== undefined && <FieldError>{error}</FieldError>}
      {!recorded && !isOn && <p>They are kept on this machine, with secrets masked.</p>}
    </div>
  )
}
