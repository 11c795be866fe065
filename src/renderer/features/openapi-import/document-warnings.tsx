import { useState } from 'react'
import type { ImportWarning } from '../../../shared/contract/openapi.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords } from '../../ui/words.ts'

/** More is a document that is broken altogether; nobody reads on. */
const MAX_SHOWN = 500

/** What was left out, changed or guessed, in its place in the document. */
export function DocumentWarnings({
  warnings,
  unusable = 0,
  onClose,
}: {
  warnings: readonly ImportWarning[]
  /** Operations that could not be made into tools. */
  unusable?: number
  onClose: () => void
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Notes on the document"
      description={
        unusable > 0 ? `${countWords(unusable, 'operation')} could not be used. The others can be imported.` : undefined
      }
    >
      <WarningList label="Notes on the document" warnings={warnings} />
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

/** Opens the list, where there is anything in it. */
export function DocumentWarningsButton({ warnings }: { warnings: readonly ImportWarning[] }) {
  const [open, setOpen] = useState(false)
  if (warnings.length === 0) return null
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {countWords(warnings.length, 'note')} on the document
      </Button>
      {open && <DocumentWarnings warnings={warnings} onClose={() => setOpen(false)} />}
    </>
  )
}

export function WarningList({ label, warnings }: { label: string; warnings: readonly ImportWarning[] }) {
  return (
    <ul aria-label={label} tabIndex={0} className="mt-3 max-h-[44vh] overflow-y-auto border-t border-line">
      {warnings.slice(0, MAX_SHOWN).map((warning, index) => (
        <li key={index} className="border-b border-line py-2">
          {warning.operation !== null && <p className="font-mono text-code wrap-anywhere">{warning.operation}</p>}
          <p className="wrap-anywhere">
            <ForeignText>{warning.message}</ForeignText>
          </p>
          {warning.pointer !== '' && (
            <p className="font-mono text-code text-muted wrap-anywhere">at {warning.pointer}</p>
          )}
        </li>
      ))}
      {warnings.length > MAX_SHOWN && (
        <li className="py-2 text-muted">and {(warnings.length - MAX_SHOWN).toLocaleString('en')} more</li>
      )}
    </ul>
  )
}
