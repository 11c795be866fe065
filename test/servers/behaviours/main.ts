/**
 * One server of the matrix: `node main.ts <kind>`; those that are reached over HTTP print their URL.
 */

// Of the SDKs only the one that is wanted: to load one takes longer than all else that is done here.
const sdk1 = () => import('./sdk1.ts')
const sdk2 = () => import('./sdk2.ts')
const kind = process.argv[2] ?? ''

switch (kind) {
  case 'modern-http':
    console.log(await (await sdk2()).serveModernHttp(kind))
    break
  case 'modern-stdio':
    ;(await sdk2()).serveModernStdio(kind)
    break
  case 'legacy-http':
    console.log(await (await sdk1()).serveLegacyHttp(kind))
    break
  case 'legacy-stdio':
    await (await sdk1()).serveLegacyStdio(kind)
    break
  case 'sse':
    console.log(await (await sdk1()).serveSse(kind))
    break
  default:
    throw new Error(`There is no server "${kind}".`)
}
