// npm run upload: a film on this disk becomes a video of the service. Speaks the public API only.
import { basename } from 'node:path'
import { asProblem, EXIT, helpText, problemJson, reportDefects } from '../command.ts'
import { findServiceUrl, serviceUrl } from '../service-file.ts'
import { isAnnounced } from '../npm.ts'
import { ENTRY_PLAYLIST } from '../../core/storage/media-key.ts'
import { checkAccount, type Account } from './transfer/account.ts'
import { createApi, type Api } from './transfer/api.ts'
import { defaultAudioKilobits } from './film/encode.ts'
import type { Film } from './film/film.ts'
import { fraction } from './picture/frame-rate.ts'
import { gatherObjects } from './transfer/gather.ts'
import { keepHouse, removedOldText } from './housekeeping.ts'
import { ladderFor, type Rung } from '../../core/packaging/ladder.ts'
import { removeOld } from './work-files/leftovers.ts'
import { COMMAND, nameOfFile, readOptions, type Options } from './options.ts'
import {
  planTransfer,
  streamKey,
  totalBytes,
  whyNotOriginal,
  whyTooLarge,
  type LocalFile,
  type Transfer,
} from './transfer/plan.ts'
import { print, surviveClosedPipes } from './outlets.ts'
import { probeFilm } from './film/probe.ts'
import { explainFileError, UploadProblem } from './problem.ts'
import { completeVideo, openPrivately, registerVideo, shareVideo } from './transfer/publish.ts'
import { intentJson, intentText, linksOf, outcomeJson, outcomeText } from './report.ts'
import type { Outcome } from './report.ts'
import { createWaitNotice, type RetryTerms } from './transfer/retry.ts'
import { findSidecars } from './subtitles/sidecar.ts'
import { findFile } from './probe/source-file.ts'
import { listStored } from './transfer/stored.ts'
import { makeStream } from './making/stream.ts'
import { createScreen, type Screen } from './terminal.ts'
import { checkFfmpeg } from './tools/tool-version.ts'
import { sendObjects } from './transfer/transfer.ts'
import { isMissed, sayDecision } from './film/verdicts.ts'
import { openWorkFolder, type Job, type WorkFolder } from './work-files/work-folder.ts'

interface Run {
  readonly options: Options
  /** Undefined in a dry run that no service is told to. */
  readonly origin: string | undefined
  readonly film: Film
  readonly ladder: readonly Rung[]
  readonly sizeBytes: number
  readonly screen: Screen
  readonly signal: AbortSignal
  readonly onWait: RetryTerms['onWait']
}

async function main(signal: AbortSignal, screen: Screen): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env, process.cwd())
  if (options === 'help') return print(helpText(COMMAND))
  if ('task' in options) return print(await keepHouse(options))
  const origin = options.isDryRun ? findServiceUrl(options.state) : serviceUrl(options.state)
  if (options.isJson && isAnnounced(process.env)) {
    screen.say('Lines of npm stand before the JSON on standard output: npm run --silent upload leaves them out.')
  }
  const { sizeBytes, modifiedMs } = await findFile(options.file)
  await checkFfmpeg(signal)
  const onWait = createWaitNotice((sentence) => screen.say(sentence))
  const api =
    options.isDryRun || origin === undefined ? undefined : createApi({ origin, key: options.key, signal, onWait })
  const account = api && (await checkAccount(api, options))
  const tooLarge = account && whyTooLarge(basename(options.file), sizeBytes, account.largestBytes)
  if (options.isOriginalKept && tooLarge !== undefined) throw new UploadProblem(tooLarge)
  const sidecars = await findSidecars(options.file)
  const film = await probeFilm(
    options.file,
    { ...options.wishes, beside: sidecars.tracks },
    { signal, onRead: sayReading(screen) },
  )
  screen.rest()
  const ladder = ladderFor({ ...film, framesPerSecond: fraction(film.frameRate) })
  const run: Run = { options, origin, film, ladder, sizeBytes, screen, signal, onWait }
  if (options.isStrict && film.doubts[0] !== undefined) throw new UploadProblem(film.doubts[0])
  if (api === undefined || account === undefined) return sayIntent(run)

  for (const decision of film.decisions.filter(isMissed)) screen.say(`${sayDecision(decision)}.`)
  for (const notice of [...sidecars.notices, ...film.doubts]) screen.say(notice)
  const files = film.subtitles.flatMap(({ file }) => file ?? [])
  const settings = JSON.stringify([RECIPE, options.preset, options.wishes, options.subtitleEncoding, files])
  const work = await openWorkFolder(options.workRoot, { path: options.file, sizeBytes, modifiedMs, settings })
  try {
    // Best effort: what is old and cannot be removed is no reason not to upload.
    for (const old of await removeOld(options.workRoot, Date.now()).catch(() => [])) screen.say(removedOldText(old))
    const outcome = await publish(run, api, account, work)
    screen.rest()
    print(options.isJson ? outcomeJson(outcome) : outcomeText(outcome))
  } finally {
    await work.close()
  }
}

/** Only a large film or a slow disk takes so long that one wonders. */
const SILENT_MS = 5000

function sayReading(screen: Screen): (part: number) => void {
  const begunMs = Date.now()
  return (part) => {
    if (Date.now() - begunMs > SILENT_MS) screen.encoding('Reading the film', part)
  }
}

/** Counted up whenever other files are made of the same film: what is half made by the old recipe is not used then. */
const RECIPE = 4

function sayIntent({ options, origin, film, ladder, sizeBytes }: Run): void {
  const notOriginal = whyNotOriginal(basename(options.file), sizeBytes)
  const { isOriginalKept } = options
  const intent = { name: nameOf(options), film, ladder, sizeBytes, isOriginalKept, notOriginal, origin }
  print(options.isJson ? intentJson(intent) : intentText(intent))
}

async function publish(run: Run, api: Api, { userId, largestBytes }: Account, work: WorkFolder): Promise<Outcome> {
  const { options } = run
  let job = await work.openJob(api.origin, userId)
  const { doneSeconds } = job
  if (doneSeconds !== undefined) {
    // Uploaded before: it gets what is new in the command, unless the service does not have it any more.
    if (!options.isAgain && (await completeVideo(api, job.jobId, doneSeconds, options))) {
      run.screen.say('This very film was uploaded before: nothing is sent. (--again makes a new video of it.)')
      return await finish(run, api, job, { durationSeconds: doneSeconds, sent: NOTHING, present: NOTHING })
    }
    job = await job.renew()
  }
  const { durationSeconds } = await makeStream({
    source: options.file,
    film: run.film,
    ladder: run.ladder,
    settings: { preset: options.preset, isReproducible: false, audioKilobits: defaultAudioKilobits },
    subtitleEncoding: options.subtitleEncoding,
    folder: work.path,
    signal: run.signal,
    onProgress: (label, part) => run.screen.encoding(label, part),
    onNotice: (sentence) => run.screen.say(sentence),
    onDoubt: (sentence) => {
      if (options.isStrict) throw new UploadProblem(sentence)
      run.screen.say(sentence)
    },
  })
  run.screen.rest()
  const upload = { userId, jobId: job.jobId }
  const order = {
    source: options.file,
    sizeBytes: run.sizeBytes,
    film: run.film,
    ladder: run.ladder,
    isOriginalKept: options.isOriginalKept,
    largestBytes,
    signal: run.signal,
  }
  const { objects, original } = await gatherObjects({ ...order, folder: work.path }, upload)
  if (options.isOriginalKept && original === undefined) {
    run.screen.say('No original is kept: even the smallest size is larger than the service takes.')
  }
  const plan = planTransfer(objects, await listStored(api, upload, original?.key))
  await send(run, api, plan, work.path)
  const fileName = options.name ?? nameOfFile(options.file)
  // A video is registered by one of its objects; without an original that is what is played.
  const filePath = original?.key ?? streamKey(upload, ENTRY_PLAYLIST)
  await registerVideo(api, {
    jobId: job.jobId,
    filePath,
    fileName,
    durationSeconds,
    isPrivate: options.isPrivate,
  })
  await completeVideo(api, job.jobId, durationSeconds, options)
  const outcome = await finish(run, api, job, {
    durationSeconds,
    sent: amount([...plan.missing, ...plan.entry]),
    present: amount(plan.present),
  })
  await work.clear()
  return outcome
}

const NOTHING = { files: 0, bytes: 0 }

function amount(objects: readonly LocalFile[]): { files: number; bytes: number } {
  return { files: objects.length, bytes: totalBytes(objects) }
}

async function send(run: Run, api: Api, { missing, entry }: Transfer, partsFolder: string): Promise<void> {
  const all = totalBytes([...missing, ...entry])
  let sent = 0
  const onBytes = (count: number): void => {
    sent += count
    run.screen.sending(sent, all)
  }
  const terms = { api, signal: run.signal, onBytes, onWait: run.onWait, partsFolder }
  for (const objects of [missing, entry]) await sendObjects(objects, terms)
  run.screen.rest()
}

/** Shares if that is wanted, once in a job's life, and remembers that all is done. */
async function finish(
  { options }: Run,
  api: Api,
  job: Job,
  done: Pick<Outcome, 'durationSeconds' | 'sent' | 'present'>,
): Promise<Outcome> {
  let shareHash = options.isShared ? job.shareHash : undefined
  const kept = await job.keep({ doneSeconds: done.durationSeconds })
  if (options.isShared && shareHash === undefined) {
    shareHash = await shareVideo(api, job.jobId)
    await kept.keep({ shareHash })
  }
  const links = linksOf(api.origin, job.jobId, shareHash)
  const opened = options.isPrivate ? await openPrivately(api, job.jobId) : {}
  return { ...done, jobId: job.jobId, name: nameOf(options), links: { ...links, ...opened } }
}

function nameOf(options: Options): string {
  return options.name ?? nameOfFile(options.file)
}

surviveClosedPipes()
reportDefects()
const interrupt = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort())
const screen = createScreen(process.stderr, Date.now)
try {
  await main(interrupt.signal, screen)
} catch (error) {
  screen.rest()
  const known = asProblem(explainFileError(error))
  if (known === undefined) throw error
  process.exitCode = known.exitCode
  console.error(known.message)
  if (process.argv.includes('--json')) print(problemJson(known.message, known.exitCode))
}
if (process.exitCode === undefined) process.exitCode = EXIT.done
