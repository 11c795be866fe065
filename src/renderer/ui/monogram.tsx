import { classes } from './classes.ts'

const tints = [
  'bg-accent-soft text-accent-ink',
  'bg-info-soft text-info',
  'bg-ok-soft text-ok',
  'bg-warn-soft text-warn',
  'bg-sunken text-muted',
]

const LOAD_DELAY_MS = 100

interface MonogramProps {
  name: string
  label: string
  /** Path of an image that covers the letter once it is there. */
  image?: string | null
  large?: boolean
}

/**
 * Stands for an integration: its logo, or its first letter on a tint that its name chooses. Decoration: the name is
 * always beside it.
 */
export function Monogram({ name, label, image, large }: MonogramProps) {
  const letter = [...new Intl.Segmenter('en').segment(label.trim() || name)][0]?.segment ?? '?'
  const tint = Array.from(name).reduce((sum, char) => sum + char.charCodeAt(0), 0) % tints.length
  return (
    <span
      aria-hidden
      className={classes(
        'relative inline-flex flex-none items-center justify-center rounded-control font-semibold uppercase select-none',
        large ? 'size-9 text-section' : 'size-7',
        tints[tint],
      )}
    >
      {letter}
      {image && (
        <img
          key={image}
          ref={loadSoon}
          data-src={image}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={({ currentTarget }) => show(currentTarget)}
          className="absolute inset-0 size-full rounded-control bg-tile object-contain opacity-0 data-shown:opacity-100"
        />
      )}
    </span>
  )
}

/** An attribute and no state: a list that scrolls would draw each of its rows twice. One that fails is never shown. */
function show(image: HTMLImageElement): void {
  image.toggleAttribute('data-shown', true)
}

/** Each SVG is a document to the browser, and costs milliseconds: rows that only pass by load none. */
function loadSoon(image: HTMLImageElement): () => void {
  const timer = setTimeout(() => {
    image.src = image.dataset.src ?? ''
  }, LOAD_DELAY_MS)
  return () => clearTimeout(timer)
}
