import { describe, expect, test } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { openInBrowser } from '../../../src/main/electron/open-browser.ts'

async function open(address: string): Promise<string[]> {
  const opened: string[] = []
  await openInBrowser(address, (url) => {
    opened.push(url)
    return Promise.resolve()
  }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    expect(error).toMatchObject({ code: 'invalid_input' })
    // An address of a stranger has no place in a message.
    expect(error.message).not.toContain(address || '\0')
  })
  return opened
}

describe('a sign-in page is opened', () => {
  test.each([
    'https://as.example/authorize?client_id=a&state=b',
    'https://as.example:8443/a?redirect_uri=gatehouse%3A%2F%2Foauth%2Fcallback',
    'http://127.0.0.1:9000/authorize?x=1',
    'http://localhost:9000/authorize',
    'http://[::1]:9000/authorize',
  ])('%s', async (address) => expect(await open(address)).toEqual([address]))

  test('as one value that was taken apart and put together again', async () => {
    expect(await open('HTTPS://AS.example/a/../b?q=`id`$(id)&x="y"<z>')).toEqual([
      'https://as.example/b?q=`id`$(id)&x=%22y%22%3Cz%3E',
    ])
  })
})

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'vscode://x/y',
  'a:$(calc.exe)',
  'gatehouse://oauth/callback',
  'data:text/html,x',
  'http://as.example/authorize',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'http://169.254.169.254/',
  'https://user:secret@as.example/',
  'https://user@as.example/',
  'https://as.example/a\r\nb',
  'https://as.example/a\0b',
  ' https://as.example/',
  'https://as.example/ --new-window',
  '--version',
  '/usr/bin/id',
  '',
  `https://as.example/${'a'.repeat(40_000)}`,
])('%j is never opened', async (address) => expect(await open(address)).toEqual([]))

test('what keeps the browser from opening is told', async () => {
  const broken = () => Promise.reject(new Error('no browser'))
  await expect(openInBrowser('https://as.example/', broken)).rejects.toThrow('no browser')
})
