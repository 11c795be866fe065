import { z } from 'zod'

// zod compiles parsers with `new Function`, which the CSP forbids. Import this before the first parse.
z.config({ jitless: true })
