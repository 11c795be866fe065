import { useRef } from 'react'
import { type Command, commandTable, listKeys } from '../../commands.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { keySigns } from '../../ui/keys.ts'

/** Every key, from the table that the key listener reads. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const of = (group: Command['group']): Command[] =>
    Object.values(commandTable).filter((command) => command.group === group)
  const top = useRef<HTMLDivElement>(null)
  return (
    // The first control is at the end of it: a small window would open it scrolled down.
    <Dialog open onClose={onClose} title="Keys" wide initialFocus={top}>
      <div ref={top} tabIndex={-1} className="outline-none" />
      <div className="mt-3 grid items-start gap-x-8 gap-y-5 sm:grid-cols-2">
        <div className="flex flex-col gap-5">
          <KeyGroup title="Everywhere" rows={of('Everywhere')} />
          <KeyGroup title="Forms" rows={of('Forms')} />
        </div>
        <div className="flex flex-col gap-5">
          <KeyGroup title="Go to" rows={of('Go to')} />
          <KeyGroup title="Lists" rows={listKeys} />
        </div>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

function KeyGroup({ title, rows }: { title: string; rows: readonly { keys: string; label: string }[] }) {
  return (
    <section>
      <h3 className="mb-1 text-meta font-medium text-muted">{title}</h3>
      <dl>
        {rows.map(({ keys, label }) => (
          <div key={keys} className="flex min-h-7 items-center justify-between gap-4 border-b border-line">
            <dt>{label}</dt>
            <dd className="flex gap-1">
              {keys.split(' ').map((key) => (
                <kbd
                  key={key}
                  className="rounded-[4px] border border-line bg-sunken px-1.5 font-sans text-meta text-muted"
                >
                  {keySigns(key)}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
