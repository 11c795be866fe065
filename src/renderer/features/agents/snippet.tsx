import { CopyButton } from '../../ui/copy-button.tsx'

/** What to put into a client by hand, and where. `shown` may mask what `text` copies. */
export function Snippet({
  label,
  where,
  text,
  shown = text,
}: {
  label: string
  where: string
  text: string
  shown?: string
}) {
  return (
    <>
      <p className="mb-2 text-muted">{where}</p>
      <div className="relative">
        <pre
          tabIndex={0}
          aria-label={`Configuration for ${label}`}
          className="overflow-x-auto rounded-panel bg-sunken p-3 pr-24 font-mono text-code whitespace-pre-wrap break-all"
        >
          {shown}
        </pre>
        <CopyButton size="small" text={text} className="absolute top-2 right-2" />
      </div>
    </>
  )
}
