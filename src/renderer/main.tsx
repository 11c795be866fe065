import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './theme.css'
import { App } from './app.tsx'
import { createClient } from './client.ts'
import { Commands } from './commands.ts'
import { createConsoleRouter } from './router.tsx'
import { applyTheme } from './stores/preferences.ts'
import { createStores } from './stores/stores.ts'
import { followWorkspaceLinks } from './workspace-links.ts'

const LAST_ROUTE = 'gatehouse.route'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const stores = createStores(localStorage)
// Before the router: the client takes the single-use code out of the fragment, where the routes live.
const client = createClient(() => stores.workspaces.getState().current)
applyTheme(document.documentElement, stores.preferences.getState().theme)

if (!location.hash) history.replaceState(null, '', `#${localStorage.getItem(LAST_ROUTE) ?? '/integrations'}`)
const router = createConsoleRouter()
router.subscribe('onResolved', ({ toLocation }) => localStorage.setItem(LAST_ROUTE, toLocation.href))

followWorkspaceLinks(router, stores)

createRoot(root).render(
  <StrictMode>
    <App console={{ client, stores, commands: new Commands() }} router={router} />
  </StrictMode>,
)
