import { dialog } from 'electron'
import type { PortAnswer } from './start-core.ts'

const ANSWERS: PortAnswer[] = ['try-again', 'free-port', 'quit']

/** Asks what to do about a port that another program listens on. */
export async function askAboutPort(port: number): Promise<PortAnswer> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Gatehouse',
    message: `Port ${port} is used by another program.`,
    detail:
      'Agents that are set up for this port reach Gatehouse only there. End the other program and try again, or use a free port until you quit.',
    buttons: ['Try again', 'Use a free port for this run', 'Quit'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return ANSWERS[response] ?? 'quit'
}
