import { useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { type Block, blocksOf, type Link } from './content.ts'
import { LargeText } from './large-text.tsx'
import { AudioView, ImageView } from './media-view.tsx'

const PAGE = 50

/** The blocks that a tool answered. Text stays text: nothing in it is drawn, followed or loaded. */
export function ContentView({ result }: { result: Readonly<Record<string, unknown>> }) {
  const blocks = useMemo(() => blocksOf(result), [result])
  const [shown, setShown] = useState(PAGE)
  if (blocks.length === 0) return <p className="text-muted">The tool answered without content.</p>
  return (
    <ol aria-label="Content" className="flex flex-col gap-4">
      {blocks.slice(0, shown).map((block, index) => (
        <li key={index} className="flex flex-col gap-1">
          {(blocks.length > 1 || block.kind !== 'text') && (
            <p className="text-meta text-muted">
              {index + 1}. {words[block.kind]}
            </p>
          )}
          <BlockView block={block} label={`${words[block.kind]} ${index + 1}`} />
        </li>
      ))}
      {blocks.length > shown && (
        <li>
          <Button size="small" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, blocks.length - shown)} more of {blocks.length.toLocaleString('en')}
          </Button>
        </li>
      )}
    </ol>
  )
}

const words: Record<Block['kind'], string> = {
  text: 'Text',
  image: 'Image',
  audio: 'Sound',
  link: 'Link to a resource',
  file: 'Resource',
  unknown: 'Content of a kind that is not known',
}

function BlockView({ block, label }: { block: Block; label: string }) {
  switch (block.kind) {
    case 'text':
      return <LargeText label={label} text={block.text} />
    case 'image':
      return <ImageView media={block.media} label={label} />
    case 'audio':
      return <AudioView media={block.media} label={label} />
    case 'link':
      return <LinkView link={block.link} />
    case 'file':
      return (
        <>
          <LinkView link={block.link} />
          {block.text !== undefined && <LargeText label={label} text={block.text} />}
          {block.media && <FileView media={block.media} label={label} />}
        </>
      )
    case 'unknown':
      return <LargeText label={label} text={block.json} />
  }
}

function FileView({ media, label }: { media: { data: string; mimeType: string }; label: string }) {
  if (media.mimeType.startsWith('image/')) return <ImageView media={media} label={label} />
  if (media.mimeType.startsWith('audio/')) return <AudioView media={media} label={label} />
  return (
    <p className="flex items-center gap-2 text-muted">
      Data in base64, {media.data.length.toLocaleString('en')} characters.
      <CopyButton size="small" text={media.data} />
    </p>
  )
}

/** An address is told with its host, and copied; it is never followed from here. */
function LinkView({ link }: { link: Link }) {
  return (
    <div className="flex items-start gap-2 rounded-control bg-sunken px-3 py-2">
      <div className="min-w-0 flex-1">
        {link.name && (
          <p className="font-medium">
            <ForeignText>{link.name.slice(0, 300)}</ForeignText>
          </p>
        )}
        {link.host !== undefined && (
          <p>
            Host <span className="font-mono text-code font-medium wrap-anywhere">{link.host}</span>
          </p>
        )}
        <ForeignText className="block font-mono text-code wrap-anywhere text-muted">
          {link.uri.slice(0, 2_000)}
        </ForeignText>
        {link.description && (
          <p className="text-muted">
            <ForeignText>{link.description.slice(0, 1_000)}</ForeignText>
          </p>
        )}
      </div>
      <CopyButton size="small" text={link.uri}>
        Copy address
      </CopyButton>
    </div>
  )
}
