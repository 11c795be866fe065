import { useMemo, useState } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Switch } from '../../ui/switch.tsx'
import { prettyJson } from './recorded-json.ts'

/** A recorded message as text: as it went over the wire, or with line breaks that a person can read. */
export function CallText({ label, text, truncated }: { label: string; text: string; truncated: boolean }) {
  const [pretty, setPretty] = useState(true)
  const readable = useMemo(() => prettyJson(text), [text])
  const shown = pretty && readable !== undefined ? readable : text
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex flex-none flex-wrap items-center gap-2">
        {readable !== undefined && (
          <label className="flex items-center gap-2 text-muted">
            <Switch label="Pretty" checked={pretty} onChange={(event) => setPretty(event.target.checked)} />
            <span aria-hidden>Pretty</span>
          </label>
        )}
        {truncated && <span className="text-warn">A long text is kept in part only.</span>}
        <CopyButton size="small" look="quiet" text={shown} className="ml-auto" />
      </div>
      <div
        role="region"
        aria-label={label}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto rounded-panel bg-sunken p-3 font-mono text-code focus-visible:-outline-offset-2"
      >
        <ForeignText className="wrap-anywhere">{shown}</ForeignText>
      </div>
    </div>
  )
}
