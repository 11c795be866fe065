import { describe, expect, it } from 'vitest'
import { RestTool } from '../../../../src/shared/contract/rest.ts'
import {
  foreignOrigins,
  startsSelected,
  tokensOf,
  toRestTool,
  totalsOf,
  withEdit,
} from '../../../../src/renderer/features/openapi-import/chosen-tools.ts'
import { previewTool } from './preview-fixture.ts'

const get = previewTool('GET /invoices/{id}')
const remove = previewTool('DELETE /invoices/{id}')

it('selects what only reads and is not deprecated', () => {
  const old = previewTool('GET /old', {
    operation: { path: '/old', method: 'GET', tags: [], deprecated: true },
  })
  expect([get, remove, old].map(startsSelected)).toEqual([true, false, false])
})

describe('what is written over a tool', () => {
  it('is kept as long as it differs from the document', () => {
    const edits = withEdit(new Map(), get, { name: 'fetch', description: 'Short.' })
    expect(edits.get(get.name)).toEqual({ name: 'fetch', description: 'Short.' })
    const back = withEdit(edits, get, { name: get.name })
    expect(back.get(get.name)).toEqual({ description: 'Short.' })
    expect(withEdit(back, get, { description: get.description }).size).toBe(0)
  })

  it('counts in the estimate of its tokens', () => {
    const longer = withEdit(new Map(), get, { description: get.description + 'x'.repeat(400) })
    expect(tokensOf(get, longer)).toBe(get.tokens + 100)
    expect(tokensOf(get, withEdit(new Map(), get, { description: '' }))).toBeLessThan(get.tokens)
  })

  it('is in the tool that is stored, and nothing of the preview is', () => {
    const edits = withEdit(new Map(), get, { name: 'fetch' })
    expect(RestTool.parse(toRestTool(get, edits))).toMatchObject({
      name: 'fetch',
      method: 'GET',
      path: '/invoices/{id}',
    })
    expect(toRestTool(get, edits, 'https://other.example')).toMatchObject({ base_url: 'https://other.example' })
  })
})

it('adds up what is selected', () => {
  expect(totalsOf([get, remove, previewTool('POST /invoices', { tokens: 100 })], new Map())).toEqual({
    count: 3,
    reading: 1,
    writing: 2,
    tokens: 180,
  })
})

it('names each server that is not where the integration is, once', () => {
  const at = (base_url?: string) => (base_url === undefined ? {} : { base_url })
  expect(
    foreignOrigins(
      [
        at(),
        at('https://api.example.com/v2'),
        at('https://uploads.example.com/a'),
        at('https://uploads.example.com/b'),
      ],
      'https://api.example.com/v1',
    ),
  ).toEqual(['https://uploads.example.com'])
})
