import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { ShownSecret } from './webhook-fields.tsx'

/** The only time that a signing secret is seen. It closes by its button alone, so that a stray key does not lose it. */
export function SecretDialog({
  name,
  secret,
  rotated,
  onClose,
}: {
  name: string
  secret: string
  rotated: boolean
  onClose: () => void
}) {
  return (
    <Dialog
      open
      persistent
      wide
      onClose={onClose}
      title={rotated ? `New signing secret of ${name}` : `${name} is saved`}
      description={
        rotated
          ? 'Copy it now: it is not shown again. For 24 hours the former one signs as well.'
          : 'Copy the signing secret now: it is not shown again. The receiver checks each request with it.'
      }
    >
      <ShownSecret secret={secret} />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
