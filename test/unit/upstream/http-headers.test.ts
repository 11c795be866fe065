import { describe, expect, it } from 'vitest'
import { HttpHeaders } from '../../../src/main/upstream/http-headers.ts'
import type { OutgoingRequest } from '../../../src/main/upstream/transport.ts'

const request = (method: string, params: object, more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  id: 1,
  method,
  params: Buffer.from(JSON.stringify(params)),
  ...more,
})

function headers(era: 'modern' | 'legacy') {
  const made = new HttpHeaders({ Authorization: 'Bearer x', 'Mcp-Name': 'not yours', 'Last-Event-ID': 'nor this' })
  made.negotiated(era === 'modern' ? '2026-07-28' : '2025-11-25', era)
  return made
}

describe('Mcp-Name of a modern server', () => {
  it.each([
    ['tools/call', { name: 'read_file' }, 'read_file'],
    ['prompts/get', { name: 'greet' }, 'greet'],
    ['resources/read', { uri: 'file:///a%20b?x=1' }, 'file:///a%20b?x=1'],
    ['resources/read', { uri: 'file:///grün' }, '=?base64?ZmlsZTovLy9ncsO8bg==?='],
    ['resources/read', { uri: ' x' }, '=?base64?IHg=?='],
    ['resources/read', { uri: 'a\r\nEvil: 1' }, '=?base64?YQ0KRXZpbDogMQ==?='],
    ['prompts/get', { name: '=?base64?eA==?=' }, '=?base64?PT9iYXNlNjQ/ZUE9PT89?='],
    ['tasks/get', { taskId: '7' }, '7'],
    ['tasks/cancel', { taskId: '7' }, '7'],
    ['prompts/get', { name: 7 }, undefined],
    ['prompts/list', { name: 'x' }, undefined],
    ['completion/complete', { name: 'x' }, undefined],
    ['constructor', { name: 'x' }, undefined],
  ])('%s %j', (method, params, expected) => {
    const sent = headers('modern').ofRequest(request(method, params))
    expect(sent['mcp-name']).toBe(expected)
    expect(sent['mcp-method']).toBe(method)
    expect(sent['mcp-protocol-version']).toBe('2026-07-28')
  })

  it('is the name that was given, where one was', () => {
    const given = (method: string) =>
      headers('modern').ofRequest(request(method, { name: 'a' }, { name: 'b' }))['mcp-name']
    expect(given('tools/call')).toBe('b')
    expect(given('completion/complete')).toBeUndefined()
  })
})

it('a legacy server gets none of these', () => {
  const sent = headers('legacy').ofRequest(
    request('prompts/get', { name: 'greet' }, { headers: { 'Mcp-Param-X': '1' } }),
  )
  expect(Object.keys(sent).filter((name) => name.startsWith('mcp-'))).toEqual(['mcp-protocol-version'])
})

it('a stream is taken up with the event that came last, and only that', () => {
  expect(headers('legacy').ofSession()['last-event-id']).toBeUndefined()
  expect(headers('legacy').ofSession('e-1')['last-event-id']).toBe('e-1')
})
