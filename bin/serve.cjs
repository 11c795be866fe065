const { enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { loadCompiled } = require('./load-compiled.cjs')

// What `gatehouse serve` becomes (gatehouse.mjs). CommonJS, so that Node does without its loader of ES modules.

// Beside the program, so that nobody else can put code there; where it can not be written, there is none.
const compiled = join(__dirname, '..', 'out', 'compiled')
enableCompileCache(compiled)
const { main } = loadCompiled(join(__dirname, '..', 'out', 'main', 'serving.cjs'), compiled)
void main(process.argv.slice(2)).then((exitCode) => (process.exitCode = exitCode))
