import { createHash } from 'node:crypto'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LogoFiles } from '../../../src/main/logos/logo-files.ts'
import { logoPath, readServedLogo } from '../../../src/main/logos/served-logo.ts'
import { images } from '../../helpers/images.ts'
import { temporaryFolder } from '../store/fresh-store.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const folderOf = (outer: string) => join(outer, 'logos')

describe('stored logos', () => {
  it('are named by their content, once, for their owner only', async () => {
    const outer = temporaryFolder()
    const files = new LogoFiles(folderOf(outer))
    expect(await files.list()).toEqual(new Set())
    const names = [await files.add(images.png), await files.add(images.png), await files.add(images.svg)]
    expect(names).toEqual([sha256(images.png), sha256(images.png), sha256(images.svg)])
    expect(await files.list()).toEqual(new Set(names))
    expect(readdirSync(folderOf(outer))).toHaveLength(2)
    expect((await files.read(sha256(images.png)))?.equals(images.png)).toBe(true)
    if (process.platform === 'win32') return
    expect(statSync(folderOf(outer)).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folderOf(outer))) {
      expect(statSync(join(folderOf(outer), name)).mode & 0o777).toBe(0o600)
    }
  })

  it('go when nobody has them any more, with what was left half-written', async () => {
    const outer = temporaryFolder()
    const files = new LogoFiles(folderOf(outer))
    await files.keepOnly(new Set())
    const kept = await files.add(images.png)
    const unused = await files.add(images.gif)
    writeFileSync(join(folderOf(outer), 'half.tmp'), 'half')
    await files.keepOnly(new Set([kept]))
    expect(readdirSync(folderOf(outer))).toEqual([kept])
    expect(await files.read(unused)).toBeUndefined()
  })
})

describe('a served logo', () => {
  it('has the type of its bytes and a policy that runs nothing', async () => {
    const files = new LogoFiles(folderOf(temporaryFolder()))
    const logo = await readServedLogo(files, logoPath(await files.add(images.svg)))
    expect(logo?.body.equals(images.svg)).toBe(true)
    expect(logo?.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=31536000, immutable',
    })
  })

  it('is only what has such a name and is an image', async () => {
    const outer = temporaryFolder()
    const files = new LogoFiles(folderOf(outer))
    const page = await files.add(Buffer.from('<script>alert(1)</script>'))
    const name = await files.add(images.png)
    writeFileSync(join(outer, 'secret'), images.png)
    writeFileSync(join(folderOf(outer), 'x.png'), images.png)
    for (const path of [
      logoPath(page),
      logoPath('0'.repeat(64)),
      logoPath(name.toUpperCase()),
      logoPath(`${name}/`),
      logoPath(`/${name}`),
      logoPath(`${name}%00`),
      logoPath(`${name}.png`),
      logoPath(`../logos/${name}`),
      logoPath('x.png'),
      logoPath('../secret'),
      logoPath('..%2fsecret'),
      logoPath(''),
      `/logo/${name}`,
      '/logos',
    ]) {
      expect(await readServedLogo(files, path), path).toBeUndefined()
    }
  })
})
