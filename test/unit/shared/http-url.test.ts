import { expect, it } from 'vitest'
import { HttpUrl } from '../../../src/shared/contract/http-url.ts'

it.each([
  'https://u:p@h.example/',
  'https://@h.example/',
  'https:\\\\u:p@h.example/',
  'https:/u:p@h.example/',
  'https:u:p@h.example',
  'https:///user:pw@host/',
  'https:////u@host/',
  ' https:///u:p@h.example/',
  'https:/\t/u:p@h.example/',
  'https:/\t/\n/u:p@h.example/',
  'https:\\/\\u@h.example/',
  '\u0001https:///u:p@h.example/',
])('refuses an address with a name or password in it: %j', (url) => {
  expect(HttpUrl.safeParse(url).success).toBe(false)
})

it.each([
  'https://h.example/',
  'http://127.0.0.1:8080/a?b=c@d#e@f',
  'https://h.example/@user',
  'https://h.example?u=a@b',
  'https://h.example\\@x/',
])('takes %s', (url) => {
  expect(HttpUrl.parse(url)).toBe(url)
})

it.each(['', 'x', 'ftp://h.example/', 'http://', `https://h.example/${'x'.repeat(2_048)}`])('refuses %j', (url) => {
  expect(HttpUrl.safeParse(url).success).toBe(false)
})
