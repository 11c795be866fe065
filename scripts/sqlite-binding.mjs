import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDir, root } from './paths.mjs'
import { run, step } from './progress.mjs'

/**
 * better-sqlite3's prebuilt binding asks for Node-API 10; Electron 33 stands on a Node that knows 9, and what it needs
 * of 10 (references to strings) as "experimental". So the package's own source is compiled for that. There a finalizer
 * runs inside the garbage collector and must post what touches the engine, or the first statement that is collected
 * ends the process: node-addon-api does so where the header declares the call, which the packaged headers leave out.
 * Two plain compiler calls, so that no tool has to download Node's headers.
 */
export async function ensureSqliteBinding() {
  const source = join(root, 'node_modules', 'better-sqlite3')
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const binding = join(cacheDir, `better-sqlite3-${version}-electron-33.node`)
  if (!existsSync(binding)) await step('Compiling SQLite for this Electron', () => compile(source, binding))
  return binding
}

const SOURCE = `#include <node_api.h>
extern "C" napi_status node_api_post_finalizer(node_api_basic_env, napi_finalize, void* data, void* hint);
#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
#include "better_sqlite3.cpp"
`

async function compile(source, binding) {
  mkdirSync(cacheDir, { recursive: true })
  const work = mkdtempSync(join(cacheDir, 'compiling-'))
  const { default: headers } = await import('node-api-headers')
  const include = [
    '-I',
    headers.include_dir,
    '-I',
    join(root, 'node_modules', 'node-addon-api'),
    '-I',
    join(source, 'deps', 'sqlite3'),
    '-I',
    join(source, 'src'),
  ]
  const defines = [
    ...sqliteDefines(source),
    'NAPI_VERSION=2147483647',
    'NODE_GYP_MODULE_NAME=better_sqlite3',
    'NAPI_DISABLE_CPP_EXCEPTIONS',
    'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  ].map((define) => `-D${define}`)
  const compiler = (command, args) => run(command, ['-O2', '-fPIC', ...defines, ...include, ...args], { quiet: true })
  try {
    const addonSource = join(work, 'addon.cpp')
    await writeFile(addonSource, SOURCE)
    const sqlite = join(work, 'sqlite3.o')
    const addon = join(work, 'better_sqlite3.o')
    await Promise.all([
      compiler('gcc', ['-c', join(source, 'deps', 'sqlite3', 'sqlite3.c'), '-o', sqlite]),
      compiler('g++', ['-std=c++20', '-fvisibility=hidden', '-c', addonSource, '-o', addon]),
    ])
    const linked = join(work, 'better_sqlite3.node')
    await run('g++', ['-shared', '-o', linked, addon, sqlite, '-Wl,-Bsymbolic', '-ldl'], { quiet: true })
    await rename(linked, binding)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The package's own list, so that the engine has the same features in every runtime. */
function sqliteDefines(source) {
  const text = readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8')
  const list = text.slice(text.indexOf("'defines'") + "'defines'".length)
  return [...list.matchAll(/'([^']+)'/g)].map(([, define]) => define)
}
