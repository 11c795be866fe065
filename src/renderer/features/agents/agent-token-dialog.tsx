import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useSystem } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { clientSnippets } from './client-snippets.ts'
import { Snippet } from './snippet.tsx'

export interface ShownToken {
  agent: string
  token: string
  /** It replaces an older one, which ended. */
  rotated: boolean
}

/** The only time that a token is seen. It closes by its button alone, so that a stray key does not lose it. */
export function AgentTokenDialog({ shown, onClose }: { shown: ShownToken; onClose: () => void }) {
  const mcpUrl = useSystem((state) => state.status?.mcp_url)
  const [masked] = useState(() => maskToken(shown.token))
  const panels = clientSnippets(mcpUrl ?? '', shown.token).map(({ id, label, where, text }) => ({
    id,
    label,
    content: <Snippet label={label} where={where} text={text} shown={text.replaceAll(shown.token, masked)} />,
  }))
  return (
    <Dialog
      open
      persistent
      wide
      onClose={onClose}
      title={shown.rotated ? `New token for ${shown.agent}` : `${shown.agent} is added`}
      description={
        shown.rotated
          ? 'The old token has ended. Copy the token now. It is not shown again.'
          : 'Copy the token now. It is not shown again.'
      }
    >
      <div className="mt-4 flex items-center gap-3 rounded-panel border border-line bg-bg py-2 pr-2 pl-3">
        <ShieldCheck size={16} strokeWidth={1.75} aria-hidden className="flex-none text-accent" />
        <code className="min-w-0 flex-1 font-mono text-code break-all" aria-label="Token">
          {shown.token}
        </code>
        <CopyButton look="primary" text={shown.token} />
      </div>
      <h3 className="mt-6 mb-2 font-semibold">Connect</h3>
      <Tabs label="Connect a client" panels={panels} />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}

/** A snippet is read over shoulders; copying it gives the whole token. */
function maskToken(token: string): string {
  return `${token.slice(0, 4)}…${token.slice(-4)}`
}
