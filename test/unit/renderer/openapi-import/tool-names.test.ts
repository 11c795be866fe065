import { describe, expect, it } from 'vitest'
import {
  editsForTaken,
  freeToolName,
  nameProblems,
} from '../../../../src/renderer/features/openapi-import/tool-names.ts'
import { withEdit } from '../../../../src/renderer/features/openapi-import/chosen-tools.ts'
import { previewTool } from './preview-fixture.ts'

const list = previewTool('GET /invoices', { name: 'list_invoices' })
const get = previewTool('GET /invoices/{id}', { name: 'get_invoice' })
const none = new Set<string>()
const renamed = (name: string) => withEdit(new Map(), get, { name })

describe('the names of the chosen tools', () => {
  it('are fine as the document gives them', () => {
    expect(nameProblems([list, get], new Map(), none).size).toBe(0)
  })

  it('follow the rule of the contract', () => {
    expect(nameProblems([get], renamed('get invoice'), none).get('get_invoice')).toBe(
      'Use 1 to 64 letters, digits, _ or -.',
    )
    expect(nameProblems([get], renamed('x'.repeat(65)), none).size).toBe(1)
    expect(nameProblems([get], renamed(''), none).get('get_invoice')).toBe('Enter a name.')
  })

  it('that clash say with what, at both tools', () => {
    const problems = nameProblems([list, get], renamed('list_invoices'), none)
    expect(problems.get('get_invoice')).toBe('list_invoices is also the name of GET /invoices. Choose another name.')
    expect(problems.get('list_invoices')).toContain('GET /invoices/{id}')
  })

  it('clash only with what is chosen, and with what the integration has', () => {
    expect(nameProblems([get], renamed('list_invoices'), none).size).toBe(0)
    expect(nameProblems([get], new Map(), new Set(['get_invoice'])).get('get_invoice')).toContain(
      'is a tool of this integration already',
    )
  })
})

describe('a name that is taken', () => {
  it('gets the next number, and never becomes too long', () => {
    expect(freeToolName('get', new Set(['get', 'get_2']))).toBe('get_3')
    const long = 'x'.repeat(64)
    const free = freeToolName(long, new Set([long]))
    expect([free.length, free.slice(-3)]).toEqual([64, 'x_2'])
  })

  it('is changed for all at once, without a clash among themselves', () => {
    const edits = editsForTaken([get, previewTool('GET /x', { name: 'get_invoice_2' })], new Set(['get_invoice']))
    expect([...edits]).toEqual([['get_invoice', { name: 'get_invoice_3' }]])
  })
})
