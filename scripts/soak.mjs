import { join } from 'node:path'
import { runBuilt } from './run-built.mjs'

/** Works a gateway hard for a while and looks at what adds up, on the pinned Node: `npm run soak -- --minutes 60`. */
await runBuilt(join('test', 'soak', 'soak.ts'), '--expose-gc')
