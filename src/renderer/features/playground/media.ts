/** Larger ones are told, not shown. */
const MAX_BYTES = { image: 10 * 1024 * 1024, audio: 4 * 1024 * 1024 }

/** Pictures that a browser draws without running anything. SVG is not one of them: it is a document. */
const IMAGES: [type: string, isOne: (bytes: Uint8Array) => boolean][] = [
  ['image/png', (bytes) => starts(bytes, 0, '\x89PNG\r\n\x1a\n')],
  ['image/jpeg', (bytes) => starts(bytes, 0, '\xff\xd8\xff')],
  ['image/gif', (bytes) => starts(bytes, 0, 'GIF87a') || starts(bytes, 0, 'GIF89a')],
  ['image/webp', (bytes) => starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WEBP')],
]

const AUDIO: typeof IMAGES = [
  ['audio/wav', (bytes) => starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WAVE')],
  ['audio/mpeg', (bytes) => starts(bytes, 0, 'ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)],
  ['audio/ogg', (bytes) => starts(bytes, 0, 'OggS')],
  ['audio/flac', (bytes) => starts(bytes, 0, 'fLaC')],
  ['audio/mp4', (bytes) => starts(bytes, 4, 'ftyp')],
]

export type Opened = { bytes: Uint8Array<ArrayBuffer>; type: string; problem?: undefined } | { problem: string }

/** The bytes of a picture or a sound and what they are, by themselves: what a server says of them is a claim. */
export function openMedia(kind: 'image' | 'audio', base64: string): Opened {
  const size = Math.floor((base64.length * 3) / 4)
  if (size > MAX_BYTES[kind]) {
    return { problem: `${megabytes(size)}: more than the ${megabytes(MAX_BYTES[kind])} that are shown.` }
  }
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return { problem: 'Its data is not base64.' }
  }
  const type = (kind === 'image' ? IMAGES : AUDIO).find(([, isOne]) => isOne(bytes))?.[0]
  if (type === undefined) {
    const kinds = kind === 'image' ? 'PNG, JPEG, GIF or WebP' : 'WAV, MP3, Ogg, FLAC or MP4'
    return { problem: `Its data is not ${kinds}, the kinds that are shown.` }
  }
  return { bytes, type }
}

function starts(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((char, index) => bytes[at + index] === char.charCodeAt(0))
}

function megabytes(size: number): string {
  return `${(size / 1024 / 1024).toFixed(1)} MB`
}
