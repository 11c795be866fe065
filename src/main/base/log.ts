import { pino, type DestinationStream } from 'pino'
import { Redactor } from './redact.ts'

type Write = { (fields: object, message: string): void; (message: string): void }

/** What every module logs through: an event in words plus fields, never a secret, never tool arguments. */
export interface Logger {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  child(bindings: Record<string, unknown>): Logger
  /** Who learns of a secret tells this, before the secret is used. */
  readonly redactor: Redactor
}

type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

interface LoggerOptions {
  level?: LogLevel
  /** Default: stderr, so that stdout stays for answers. */
  destination?: DestinationStream
  /** Readable lines instead of JSON. Default: when stderr is a terminal. */
  pretty?: boolean
  redactor?: Redactor
}

/** JSON lines by pino; each passes through `redact` by key and, as finished text, by value. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const redactor = options.redactor ?? new Redactor()
  const destination = options.destination ?? pino.destination({ fd: 2, sync: true })
  const pretty = options.pretty ?? (options.destination === undefined && process.stderr.isTTY)
  const root = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactor.value(fields) as Record<string, unknown>,
      },
      // Errors are spelled out by the redactor, with their causes; pino's own serialiser would come after it.
      serializers: { err: (value: unknown) => value },
      hooks: { streamWrite: (line) => redactor.text(line) },
    },
    pretty ? readable(destination) : destination,
  )
  return wrap(root, redactor)
}

function wrap(logger: pino.Logger, redactor: Redactor): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error'): Write =>
    (fields: object | string, message?: string) => {
      if (typeof fields === 'string') logger[level](fields)
      else logger[level](fields, message)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (bindings) => wrap(logger.child(redactor.value(bindings) as Record<string, unknown>), redactor),
    redactor,
  }
}

/** For a person at a terminal: time, level, message, then the fields in one line. */
function readable(destination: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
      const rest = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : ''
      destination.write(`${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest}\n`)
    },
  }
}
