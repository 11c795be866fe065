import type { DoctorExchange, DoctorReport, DoctorStep } from '../../shared/contract/oauth.ts'

const words: Record<DoctorStep['step'], string> = {
  resource: 'What the server asks for',
  authorization_server: 'Where one signs in',
  registration: 'The client',
  authorization: 'The sign-in',
  token: 'The token',
  call: 'A call',
}

/** What all steps come to, and the whole as text. `at`: ISO 8601. */
export function reportOf(
  steps: DoctorStep[],
  { title, url, at }: { title: string; url: URL; at: string },
): DoctorReport {
  const failed = steps.find(({ state }) => state === 'failed')
  const warned = steps.find(({ state }) => state === 'warning')
  const call = steps.find(({ step }) => step === 'call')
  const ok = failed === undefined
  // What was found stands with its step, and is not said twice.
  const place = (at: DoctorStep) => `step ${steps.indexOf(at) + 1}, ${words[at.step].toLowerCase()}`
  const message =
    failed !== undefined
      ? `It does not work yet: see ${place(failed)}.`
      : warned === undefined
        ? `It works. ${call?.message ?? ''}`.trim()
        : `It works, with a warning: see ${place(warned)}.`
  const heads = [`Diagnosis of ${title} by Gatehouse, ${at}`, `${url.origin}${url.pathname}`, message]
  const text = [...heads, '', ...steps.map((step, index) => stepText(step, index + 1))].join('\n')
  return { ok, message, steps, text }
}

function stepText({ step, state, message, fix, exchanges, duration_ms }: DoctorStep, number: number): string {
  const lines = [`${number}. ${words[step]}: ${state} (${Math.round(duration_ms)} ms)`, indented(message)]
  if (fix !== null) lines.push(indented(`What to do: ${fix}`))
  return [...lines, ...exchanges.map(exchangeText), ''].join('\n')
}

function exchangeText({ method, url, request, status, response, duration_ms }: DoctorExchange): string {
  const answer = `${status ?? 'no answer'} (${Math.round(duration_ms)} ms)`
  return indented(
    [
      `${method} ${url}`,
      ...request.map((line) => `> ${line}`),
      answer,
      ...response.split('\n').map((line) => `< ${line}`),
    ].join('\n'),
  )
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '   ')
}
