// Moves a request's body into the request that forwards it: counted, bounded, and never faster than it is taken.

export type PumpEnd =
  | 'sent'
  /** The inspection said no. */
  | 'refused'
  /** More than the limit came. */
  | 'too_large'
  /** The client went away, or sent too little for too long. */
  | 'source_failed'
  /** What was offered was not taken for too long. */
  | 'sink_stalled'
  /** The other side closed: it may have answered already. */
  | 'sink_failed'

export interface PumpLimits {
  readonly maxBytes: number
  /** How long one read of READ_BYTES may take. */
  readonly sourceTimeoutMs: number
  readonly sinkTimeoutMs: number
}

// A read of a request's body gives 4 KiB at a time unless more is asked for: 262,144 turns for a gigabyte.
const BUFFER_BYTES = 64 * 1024
const READ_BYTES = 32 * 1024

/** What is used of a byte reader; `readAtLeast` is the runtime's own addition to the standard. */
interface WorkersReader {
  readAtLeast(
    minBytes: number,
    view: Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly done: boolean; readonly value?: Uint8Array<ArrayBuffer> | undefined }>
  cancel(): Promise<void>
}

/** Where the body goes, and who is told of each chunk that was taken there. */
export interface Sink {
  readonly stream: WritableStream<Uint8Array>
  readonly onTaken: () => void
}

/**
 * Never throws, and closes the sink only when all was sent: ending it after a failure would make the part that
 * arrived look whole. A caller that gets another end aborts the request that the sink feeds. `passes` sees every chunk before
 * it is sent, and `undefined` before the end is. The sink is opened for the first chunk that is sent, and a body that is
 * over with its first read is sent when all of it has passed.
 */
export async function pumpBody(
  source: ReadableStream<Uint8Array>,
  openSink: () => Sink,
  limits: PumpLimits,
  passes: (chunk: Uint8Array | undefined) => Promise<boolean>,
): Promise<PumpEnd> {
  const reader = source.getReader({ mode: 'byob' }) as unknown as WorkersReader
  const sink = lazySink(openSink, limits.sinkTimeoutMs)
  let buffer = new Uint8Array(BUFFER_BYTES)
  let length = 0
  /** Inspected and not sent yet: a read of less than was asked for is the last one. */
  let held: Uint8Array<ArrayBuffer> | undefined
  for (;;) {
    const read = await timed(reader.readAtLeast(READ_BYTES, buffer), limits.sourceTimeoutMs)
    if (!read.ok) return await giveUp(reader, 'source_failed')
    const chunk = read.value.value
    if (chunk !== undefined && chunk.byteLength > 0) {
      length += chunk.byteLength
      if (length > limits.maxBytes) return await giveUp(reader, 'too_large')
      if (!(await passes(chunk))) return await giveUp(reader, 'refused')
      const isLast = chunk.byteLength < READ_BYTES
      const failure = (held && (await sink.write(held))) ?? (isLast ? undefined : await sink.write(chunk))
      if (failure !== undefined) return await giveUp(reader, failure)
      held = isLast ? chunk : undefined
      buffer = isLast ? new Uint8Array(BUFFER_BYTES) : new Uint8Array(chunk.buffer)
    }
    if (read.value.done) break
  }
  if (!(await passes(undefined))) return 'refused'
  return (held && (await sink.write(held))) ?? (await sink.close()) ?? 'sent'
}

type SinkFailure = 'sink_stalled' | 'sink_failed'

/** A writer that is made for the first chunk. Its calls give what went wrong, undefined if nothing did. */
function lazySink(open: () => Sink, timeoutMs: number) {
  let opened: { writer: WritableStreamDefaultWriter<Uint8Array>; onTaken: () => void } | undefined
  const sink = (): NonNullable<typeof opened> => {
    if (opened === undefined) {
      const { stream, onTaken } = open()
      opened = { writer: stream.getWriter(), onTaken }
      // Reported by the write that fails; unheard, it would end the whole request.
      opened.writer.closed.catch(() => undefined)
    }
    return opened
  }
  const inTime = async (taking: Promise<void>): Promise<SinkFailure | undefined> => {
    const taken = await timed(taking, timeoutMs)
    if (taken.ok) return undefined
    return taken.isLate ? 'sink_stalled' : 'sink_failed'
  }
  return {
    write: async (chunk: Uint8Array) => {
      const { writer, onTaken } = sink()
      const failure = await inTime(writer.write(chunk))
      if (failure === undefined) onTaken()
      return failure
    },
    close: async () => await inTime(sink().writer.close()),
  }
}

/** Stops the client from sending more. It may be gone already. */
async function giveUp(reader: WorkersReader, end: PumpEnd): Promise<PumpEnd> {
  await reader.cancel().catch(() => undefined)
  return end
}

export type Timed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly isLate: boolean }

/** The promise's value, or the reason for its absence. What arrives after the time limit is dropped. */
export async function timed<T>(promise: Promise<T>, timeoutMs: number): Promise<Timed<T>> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const late = new Promise<Timed<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, isLate: true }), timeoutMs)
  })
  const settled = promise.then(
    (value): Timed<T> => ({ ok: true, value }),
    (): Timed<T> => ({ ok: false, isLate: false }),
  )
  const first = await Promise.race([settled, late])
  clearTimeout(timer)
  return first
}
