// npm run deploy: one command for a terminal, for CI and for the button. Every run asks the account what there is and
// does what is left to do, so that the same command again finishes what a failure broke off.
import { runCommand } from '../command.ts'
import { openAccount } from './account.ts'
import { deployAtOnce } from './deployment.ts'
import { abort, deployGradually, promote } from './gradual.ts'
import { DEPLOY, readOrder } from './order.ts'
import { printLive, rollBack } from './rollback.ts'
import { describeSurvey, readOrderedProject, surveyAccount } from './survey.ts'

await runCommand(DEPLOY, async (values) => {
  const order = readOrder(values)
  const project = await readOrderedProject(order)
  const { action } = order
  switch (action.kind) {
    case 'live':
      return await printLive(await openAccount(project.settings.account_id), project)
    case 'rollback':
      return await rollBack(await openAccount(project.settings.account_id), project, order, action)
    case 'plan':
      for (const line of describeSurvey(await surveyAccount(project, order))) console.log(line)
      return
    case 'deploy':
      return await deployAtOnce(await surveyAccount(project, order), order)
    case 'gradual':
      return await deployGradually(await surveyAccount(project, order), order, action)
    case 'promote':
      return await promote(await surveyAccount(project, order), order)
    case 'abort':
      return await abort(await openAccount(project.settings.account_id), project)
  }
})
