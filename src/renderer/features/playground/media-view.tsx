import { Play, Square } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import type { Media } from './content.ts'
import { openMedia } from './media.ts'

/** A picture, drawn from its bytes by a blob: address. */
export function ImageView({ media, label }: { media: Media; label: string }) {
  const opened = useMemo(() => openMedia('image', media.data), [media.data])
  const [failed, setFailed] = useState(false)
  const image = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const element = image.current
    if (opened.problem !== undefined || !element) return
    const address = URL.createObjectURL(new Blob([opened.bytes], { type: opened.type }))
    element.src = address
    return () => URL.revokeObjectURL(address)
  }, [opened])
  if (opened.problem !== undefined) return <NotShown what="An image" media={media} why={opened.problem} />
  return (
    <>
      <img
        ref={image}
        alt={label}
        onError={() => setFailed(true)}
        className={classes('max-h-100 max-w-full rounded-control border border-line', failed && 'hidden')}
      />
      {failed && <NotShown what="An image" media={media} why="It cannot be decoded." />}
    </>
  )
}

/** A sound. It is decoded when it is played, and without an element that the content security policy would have to allow. */
export function AudioView({ media, label }: { media: Media; label: string }) {
  const opened = useMemo(() => openMedia('audio', media.data), [media.data])
  const [state, setState] = useState<'still' | 'playing' | 'failed'>('still')
  const context = useRef<AudioContext>(undefined)
  const stop = (): void => {
    void context.current?.close()
    context.current = undefined
    setState('still')
  }
  useEffect(() => () => void context.current?.close(), [])
  if (opened.problem !== undefined) return <NotShown what="A sound" media={media} why={opened.problem} />
  if (state === 'failed') return <NotShown what="A sound" media={media} why="It cannot be decoded." />

  const play = async (): Promise<void> => {
    const own = new AudioContext()
    context.current = own
    setState('playing')
    try {
      const source = own.createBufferSource()
      source.buffer = await own.decodeAudioData(opened.bytes.slice().buffer)
      source.connect(own.destination)
      source.onended = () => context.current === own && stop()
      // Stopped while it was decoded.
      if (context.current === own) source.start()
    } catch {
      if (context.current === own) setState('failed')
    }
  }
  return (
    <div className="flex items-center gap-2">
      {state === 'playing' ? (
        <Button icon={Square} aria-label={`Stop ${label}`} onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button icon={Play} aria-label={`Play ${label}`} onClick={() => void play()}>
          Play
        </Button>
      )}
      <span className="text-muted">{opened.type}</span>
    </div>
  )
}

function NotShown({ what, media, why }: { what: string; media: Media; why: string }) {
  return (
    <p className="text-muted">
      {what}, {media.mimeType.slice(0, 60) || 'without a type'}, is not shown. {why}
    </p>
  )
}
