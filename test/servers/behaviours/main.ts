/**
 * One server of the matrix: `node main.ts <kind>`; those that are reached over HTTP print their URL.
 */
import { serveLegacyHttp, serveLegacyStdio, serveSse } from './sdk1.ts'
import { serveModernHttp, serveModernStdio } from './sdk2.ts'

const kind = process.argv[2] ?? ''

switch (kind) {
  case 'modern-http':
    console.log(await serveModernHttp(kind))
    break
  case 'modern-stdio':
    serveModernStdio(kind)
    break
  case 'legacy-http':
    console.log(await serveLegacyHttp(kind))
    break
  case 'legacy-stdio':
    await serveLegacyStdio(kind)
    break
  case 'sse':
    console.log(await serveSse(kind))
    break
  default:
    throw new Error(`There is no server "${kind}".`)
}
