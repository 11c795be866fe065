import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron'
import type { TrayState } from './tray-state.ts'

interface TrayActions {
  icon: string
  openConsole: () => void
  openIntegration: (integration: { workspace: string; name: string }) => void
  copyMcpUrl: () => void
  quit: () => void
}

/** The gateway's presence while no window is open. */
export class GatewayTray {
  readonly #actions: TrayActions
  readonly #tray: Tray
  #shown = ''

  constructor(actions: TrayActions) {
    this.#actions = actions
    this.#tray = new Tray(nativeImage.createFromPath(actions.icon))
    this.#tray.setToolTip('Gatehouse')
    this.#tray.on('click', actions.openConsole)
  }

  /** A menu that is open on the screen is not replaced by an equal one. */
  show(state: TrayState): void {
    const text = JSON.stringify(state)
    if (text === this.#shown) return
    this.#shown = text
    this.#tray.setToolTip(state.attentionCount === 0 ? 'Gatehouse' : `Gatehouse: ${waitingWords(state)}`)
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#items(state)))
  }

  destroy(): void {
    this.#tray.destroy()
  }

  #items(state: TrayState): MenuItemConstructorOptions[] {
    const { heading, attention, attentionCount } = state
    const { openConsole, openIntegration, copyMcpUrl, quit } = this.#actions
    const waiting: MenuItemConstructorOptions = {
      label: waitingWords(state),
      submenu: attention.map(({ label, ...integration }) => ({ label, click: () => openIntegration(integration) })),
    }
    return [
      { label: heading, enabled: false },
      { type: 'separator' },
      { label: 'Open console', click: openConsole },
      { label: 'Copy MCP URL', click: copyMcpUrl },
      ...(attentionCount > 0 ? [waiting] : []),
      { type: 'separator' },
      { label: 'Quit', click: quit },
    ]
  }
}

const waitingWords = ({ attentionCount }: TrayState) =>
  attentionCount === 1 ? '1 needs attention' : `${attentionCount} need attention`
