import { ExternalLink } from 'lucide-react'
import type { Link } from '../../../shared/contract/incidents.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'

/**
 * Addresses that somebody else's alert gave. The title says what they like; the host is what one goes to, so it stands
 * beside it before anything is opened.
 */
export function ForeignLinks({ links }: { links: readonly Link[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {links.map(({ url, title }, index) => {
        const host = hostOf(url)
        return (
          <li key={index} className="flex items-start gap-2 rounded-control bg-sunken px-3 py-2">
            <div className="min-w-0 flex-1">
              {title !== '' && (
                <p className="font-medium">
                  <ForeignText>{title}</ForeignText>
                </p>
              )}
              <p className="truncate font-mono text-code text-muted" title={url}>
                {url}
              </p>
            </div>
            {host !== undefined && (
              <a
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex h-6 max-w-1/2 flex-none items-center gap-1.5 rounded-control border border-line bg-surface px-2 text-meta hover:bg-bg"
              >
                <ExternalLink size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
                <span className="truncate">Open {host}</span>
              </a>
            )}
            <CopyButton size="small" bare text={url} aria-label={`Copy the address at ${host ?? url}`} />
          </li>
        )
      })}
    </ul>
  )
}

/** Undefined for what a browser must not open from here. */
function hostOf(url: string): string | undefined {
  const parsed = URL.parse(url)
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.host : undefined
}
