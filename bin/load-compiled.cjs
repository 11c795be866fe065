const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire, Module } = require('node:module')
const { dirname, join } = require('node:path')
const { cachedDataVersionTag } = require('node:v8')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

/** By then a start has called all that it calls. */
const KEEP_AFTER_MS = 2_000
const CHECKSUM_BYTES = 4

/**
 * Loads a CommonJS file together with all of it that Node compiled at an earlier start, in place of compiling it once more.
 * Node's own compile cache has only what Node compiles before the first line runs, and a program compiles most of what it
 * calls when it calls it. `folder` has to be as private as the file: whoever writes there puts code into the program.
 */
exports.loadCompiled = function loadCompiled(path, folder, keepAfterMs = KEEP_AFTER_MS) {
  // Past links, as it is known to whoever requires it.
  const file = require.resolve(path)
  const text = readFileSync(file)
  const kept = join(folder, `${process.arch}-${cachedDataVersionTag()}-${crc32(text)}`)
  const cachedData = read(kept)
  // As the build writes it, there is nothing outside of ASCII.
  const wrapped = `(function (exports, require, module, __filename, __dirname) { ${text.latin1Slice()}\n})`
  const script = new Script(wrapped, { filename: file, cachedData })
  const loaded = new Module(file)
  // What it loads later finds it there.
  require.cache[file] = loaded
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, dirname(file))
  loaded.loaded = true
  if (cachedData === undefined || script.cachedDataRejected) {
    setTimeout(() => write(kept, script.createCachedData()), keepAfterMs).unref()
  }
  return loaded.exports
}

/** V8 trusts what it is given, so a file that is not whole counts as none. */
function read(file) {
  try {
    const bytes = readFileSync(file)
    const data = bytes.subarray(CHECKSUM_BYTES)
    return bytes.readUInt32LE() === crc32(data) ? data : undefined
  } catch {
    return undefined
  }
}

function write(file, data) {
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32LE(crc32(data))
  const next = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(next, Buffer.concat([checksum, data]), { mode: 0o600 })
    renameSync(next, file)
  } catch {
    // Where it can not be written, each start compiles.
  }
}
