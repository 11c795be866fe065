import { writeSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { startCore } from './core.ts'

/**
 * The core in a process of its own, to be killed: reports one event after the other and writes its title when that is
 * acknowledged. With `drain` in place of a run it reports nothing and ends when the outbox is empty. With a number after
 * the run it ends at exactly that place.
 */
const [folder = '', url = '', run = '', statements] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)
if (statements !== undefined) dieAfter(Number(statements))

const core = await startCore({ folder, vaultKey: Buffer.alloc(32, 1) })
const [hook = await core.webhook(url)] = await core.channels.list('default')
if ((await core.rules.list('default')).length === 0) await core.rule([hook.id])
say('ready')
if (run === 'drain') {
  for (;;) {
    const { counts } = await core.deliveries.list('default', {}, { limit: 1 })
    if (counts.waiting + counts.retrying === 0) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await core.close({ keep: true })
  process.exit(0)
}
for (let number = 1; ; number++) {
  // Several at once, so that a transaction has more than one of them now and then.
  const titles = Array.from({ length: 1 + (number % 3) }, (_, index) => `${run}.${number}.${index}`)
  await Promise.all(titles.map(async (title) => core.report({ title, dedupe_key: title }).then(() => say(title))))
}

/**
 * Kills this process when it has run that many statements that change the database, begin or commit: with nothing done
 * of what follows, which another process could hit by chance only.
 */
function dieAfter(statements: number): void {
  let left = statements
  const statement = Object.getPrototypeOf(new BetterSqlite3(':memory:').prepare('SELECT 1')) as object
  const run = Reflect.get(statement, 'run') as (...parameters: unknown[]) => unknown
  Reflect.set(statement, 'run', function (this: unknown, ...parameters: unknown[]) {
    const result = run.apply(this, parameters)
    if (--left === 0) process.kill(process.pid, 'SIGKILL')
    return result
  })
}
