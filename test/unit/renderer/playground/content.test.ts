import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../../../src/renderer/features/playground/content.ts'
import { openMedia } from '../../../../src/renderer/features/playground/media.ts'

const kinds = (content: unknown) => blocksOf({ content }).map(({ kind }) => kind)
const base64 = (...bytes: (number | string)[]) =>
  Buffer.concat(
    bytes.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))),
  ).toString('base64')

describe('what a tool answered', () => {
  it('is read block by block', () => {
    expect(
      blocksOf({
        content: [
          { type: 'text', text: '<b>x</b>' },
          { type: 'image', data: 'AA==', mimeType: 'image/png' },
          { type: 'audio', data: 'AA==', mimeType: 'audio/wav' },
          {
            type: 'resource_link',
            uri: 'https://user@evil.example:8443/a?b',
            name: 'a',
            title: 'A',
            description: 'd',
            mimeType: 'text/plain',
          },
          { type: 'resource', resource: { uri: 'file:///x', text: 'inside' } },
          { type: 'resource', resource: { uri: 'demo://x', blob: 'AA==', mimeType: 'image/png' } },
        ],
      }),
    ).toEqual([
      { kind: 'text', text: '<b>x</b>' },
      { kind: 'image', media: { data: 'AA==', mimeType: 'image/png' } },
      { kind: 'audio', media: { data: 'AA==', mimeType: 'audio/wav' } },
      {
        kind: 'link',
        link: {
          uri: 'https://user@evil.example:8443/a?b',
          host: 'evil.example:8443',
          name: 'A',
          description: 'd',
          mimeType: 'text/plain',
        },
      },
      {
        kind: 'file',
        link: { uri: 'file:///x', host: undefined, name: '', description: '', mimeType: '' },
        text: 'inside',
        media: undefined,
      },
      expect.objectContaining({ kind: 'file', media: { data: 'AA==', mimeType: 'image/png' } }),
    ])
  })

  it('is shown as it came where it is nothing that is known', () => {
    expect(
      kinds([
        null,
        1,
        [],
        {},
        { type: 'text' },
        { type: 'image' },
        { type: 'resource', resource: {} },
        { type: 'new' },
      ]),
    ).toEqual(Array.from({ length: 8 }, () => 'unknown'))
    expect(blocksOf({ content: [{ type: 'new', x: 1 }] })).toEqual([
      { kind: 'unknown', json: '{\n  "type": "new",\n  "x": 1\n}' },
    ])
    for (const result of [null, {}, { content: 'x' }, { content: null }]) expect(blocksOf(result)).toEqual([])
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://', 'data:text/html,x'])('has no host for %s', (uri) => {
    expect(blocksOf({ content: [{ type: 'resource_link', uri }] })).toMatchObject([{ link: { uri, host: undefined } }])
  })
})

describe('a picture or a sound', () => {
  it.each([
    ['image', base64(0x89, 'PNG\r\n\x1a\n', 'rest'), 'image/png'],
    ['image', base64(0xff, 0xd8, 0xff, 0xe0), 'image/jpeg'],
    ['image', base64('GIF89a'), 'image/gif'],
    ['image', base64('RIFF', 0, 0, 0, 0, 'WEBPVP8 '), 'image/webp'],
    ['audio', base64('RIFF', 0, 0, 0, 0, 'WAVEfmt '), 'audio/wav'],
    ['audio', base64(0xff, 0xfb, 0x90), 'audio/mpeg'],
    ['audio', base64('OggS'), 'audio/ogg'],
  ] as const)('%s %s is known by its bytes', (kind, data, type) => {
    expect(openMedia(kind, data)).toMatchObject({ type })
  })

  it.each([
    ['image', base64('<svg onload="x">'), /not PNG, JPEG/],
    ['image', base64('<html>'), /not PNG, JPEG/],
    ['image', base64('RIFF', 0, 0, 0, 0, 'WAVE'), /not PNG, JPEG/],
    ['audio', base64('GIF89a'), /not WAV, MP3/],
    ['image', '%%%', /not base64/],
    ['image', '', /not PNG, JPEG/],
    ['image', 'A'.repeat(15_000_000), /10\.7 MB: more than the 10\.0 MB/],
  ] as const)('%s %.20s is not shown', (kind, data, problem) => {
    expect(openMedia(kind, data).problem).toMatch(problem)
  })
})
