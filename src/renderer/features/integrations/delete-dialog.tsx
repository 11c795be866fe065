import { useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { nameOf } from './catalog-filter.ts'

/** Names what is deleted with it, because it cannot be brought back. */
export function DeleteDialog({
  integration,
  onClose,
  onDelete,
}: {
  integration: Integration | undefined
  onClose: () => void
  onDelete: (name: string) => Promise<boolean>
}) {
  const [busy, setBusy] = useState(false)
  if (!integration) return null
  const tools = integration.connection.tool_count
  const hasSecrets = Object.keys(integration.credentials).length > 0
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      busy={busy}
      title={`Delete ${nameOf(integration)}?`}
      confirm="Delete"
      onConfirm={() => {
        setBusy(true)
        void onDelete(integration.name).then(() => {
          setBusy(false)
          onClose()
        })
      }}
    >
      Its connection{hasSecrets ? ', its stored secrets' : ''} and its tool filter are erased, and agents lose{' '}
      {tools === 1 ? 'its tool' : tools > 0 ? `its ${tools.toLocaleString('en')} tools` : 'its tools'} at once. This
      cannot be undone.
    </ConfirmDialog>
  )
}
