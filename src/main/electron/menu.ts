import { Menu, type MenuItemConstructorOptions } from 'electron'

interface MenuActions {
  copyMcpUrl: () => void
  quit: () => void
}

/** The menu of the window: what the page can't do itself, and the standard edit and window items. */
export function setApplicationMenu({ copyMcpUrl, quit }: MenuActions): void {
  const appItems: MenuItemConstructorOptions[] = [
    { label: 'Copy MCP URL', click: copyMcpUrl },
    { type: 'separator' },
    // No role here: on some systems the role ends only the window.
    { label: 'Quit Gatehouse', accelerator: 'CommandOrControl+Q', click: quit },
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Gatehouse', submenu: appItems },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          { role: 'toggleDevTools' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  )
}
