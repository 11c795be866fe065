import { ExternalLink } from 'lucide-react'
import type { SetupWay } from '../../../shared/contract/setup.ts'
import { isWebAddress } from '../oauth/open-page.ts'

/** What has to be done elsewhere before, in order. Links open in the system's browser. */
export function SetupSteps({ steps }: { steps: SetupWay['steps'] }) {
  if (steps.length === 0) return null
  return (
    <ol aria-label="Before" className="flex list-decimal flex-col gap-2 pl-5 marker:text-muted">
      {steps.map(({ text, url, link_label: words }) => (
        <li key={text} className="pl-1">
          <span>{text}</span>
          {url !== null && isWebAddress(url) && (
            <>
              {' '}
              <a
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                title={new URL(url).host}
                className="inline-flex items-center gap-1 text-accent underline underline-offset-2"
              >
                {words ?? `Open ${new URL(url).host}`}
                <ExternalLink size={14} strokeWidth={1.75} aria-hidden />
              </a>
            </>
          )}
        </li>
      ))}
    </ol>
  )
}
