import { useSystem } from '../../stores/console.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { GateMark } from '../../ui/gate-mark.tsx'

const COMMAND = 'gatehouse console'

/** The session of this tab ended, or its link was used before: only a fresh link helps. */
export function SignedOut() {
  const problem = useSystem((state) => state.problem)
  return (
    <div className="m-auto flex w-100 flex-col items-start gap-4 p-6">
      <GateMark size={40} />
      <div>
        <h1 className="text-page font-semibold">Open the console with a fresh link</h1>
        <p className="mt-1 text-muted">
          {problem?.message} A link works once, and its session lasts 12 hours. Run this on the machine of the gateway:
        </p>
      </div>
      <div className="flex w-full items-center justify-between rounded-panel bg-sunken py-2 pr-2 pl-3">
        <code className="font-mono text-code">{COMMAND}</code>
        <CopyButton size="small" text={COMMAND} />
      </div>
    </div>
  )
}
