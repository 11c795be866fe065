import { revealHidden } from '../../shared/hidden-characters.ts'

/** Text of somebody else's server: only ever text, line breaks kept, and what it hides made visible. */
export function ForeignText({ children, className }: { children: string; className?: string }) {
  return (
    <span dir="auto" className={`break-words whitespace-pre-wrap ${className ?? ''}`}>
      {revealHidden(children).map((part, index) =>
        part.hidden ? (
          <mark
            key={index}
            title="Invisible characters that an agent would read"
            className="mx-0.5 rounded-[3px] bg-warn-soft px-1 font-mono text-meta text-warn"
          >
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </span>
  )
}
