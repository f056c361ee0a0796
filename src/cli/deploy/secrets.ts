// Takes away secrets that are deployed and no longer in the file: an upload only ever adds.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandProblem } from '../command.ts'
import { withConfiguration } from './configuration.ts'
import type { Settings } from '../project.ts'
import type { Survey } from './survey.ts'
import { wranglerStep } from './wrangler-step.ts'

/** All of them in one new version, which is live at once. Only while the newest version is the live one. */
export async function removeSecrets({ account, project, removed }: Survey, settings: Settings): Promise<void> {
  if (removed.length === 0) return
  console.log(`Removing the secrets ${removed.join(', ')} …`)
  await withConfiguration(project, settings, undefined, async (generated) => {
    const file = join(generated.privateFolder, 'removed.json')
    writeFileSync(file, JSON.stringify(Object.fromEntries(removed.map((name) => [name, null]))))
    const { code, reason } = await wranglerStep(account, ['secret', 'bulk', file], generated)
    if (code === 0) return
    throw new CommandProblem(
      `${removed.join(', ')} still work: wrangler could not remove them: ${reason}\n` +
        'The new version is deployed; the same command again removes them.',
    )
  })
}
